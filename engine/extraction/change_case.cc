// upper and lower.

#include "engine/extraction/extraction_function.h"
#include "engine/text/java_case.h"

namespace sarsen::engine {
namespace {

template <auto kChange>
class ChangeCase final : public ExtractionFunction {
 public:
  explicit ChangeCase(std::string locale) : locale_(std::move(locale)) { kChange("", locale_); }
  using ExtractionFunction::apply;

  Text apply(std::optional<std::string_view> value) const override {
    return value ? Text(kChange(*value, locale_)) : Text();
  }

 private:
  std::string locale_;
};

template <auto kChange>
ExtractionPtr parse_change_case(const JsonField& json) {
  return std::make_shared<ChangeCase<kChange>>(json["locale"].string_or(""));
}

}  // namespace

void register_change_case(ExtractionRegistry& registry) {
  registry.add({.type = "upper", .parse = parse_change_case<upper_case>, .doc = "Letters as capitals."});
  registry.add({.type = "lower", .parse = parse_change_case<lower_case>, .doc = "Capitals as small letters."});
}

}  // namespace sarsen::engine
