// substring: a piece of the value by position, in UTF-16 code units.

#include <limits>

#include "engine/extraction/extraction_function.h"
#include "engine/text/utf16_slice.h"

namespace sarsen::engine {
namespace {

class Substring final : public ExtractionFunction {
 public:
  Substring(std::size_t begin, std::size_t end) : begin_(begin), end_(end) {}
  using ExtractionFunction::apply;

  Text apply(std::optional<std::string_view> value) const override {
    if (!value) return {};
    std::string piece = utf16_slice(*value, begin_, end_);
    return piece.empty() ? Text() : Text(std::move(piece));
  }

 private:
  std::size_t begin_;
  std::size_t end_;
};

ExtractionPtr parse_substring(const JsonField& json) {
  constexpr std::int64_t kIntMax = std::numeric_limits<std::int32_t>::max();
  const std::int64_t index = json["index"].integer_or(0);
  const std::int64_t length = json["length"].integer_or(kIntMax);
  if (index < 0 || index > kIntMax) json["index"].fail("must not be negative");
  if (length <= 0 || length > kIntMax) json["length"].fail("must be greater than 0");
  return std::make_shared<Substring>(static_cast<std::size_t>(index), static_cast<std::size_t>(index + length));
}

}  // namespace

void register_substring(ExtractionRegistry& registry) {
  registry.add({.type = "substring",
                .parse = parse_substring,
                .doc = "`length` characters from `index` on; null where there are none."});
}

}  // namespace sarsen::engine
