// strlen: the length of the text, in UTF-16 code units.

#include "engine/extraction/extraction_function.h"
#include "storage/base/java_order.h"

namespace sarsen::engine {
namespace {

class Strlen final : public ExtractionFunction {
 public:
  using ExtractionFunction::apply;

  Text apply(std::optional<std::string_view> value) const override {
    return value ? Text(std::to_string(utf16_length(*value))) : Text();
  }
};

ExtractionPtr parse_strlen(const JsonField&) { return std::make_shared<Strlen>(); }

}  // namespace

void register_strlen(ExtractionRegistry& registry) {
  registry.add({.type = "strlen", .parse = parse_strlen, .doc = "The length of the value."});
}

}  // namespace sarsen::engine
