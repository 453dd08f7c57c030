// upper and lower. Their `locale` is accepted and has no effect: Druid loses it where the broker writes the query down
// for those who have the data.

#include "engine/extraction/extraction_function.h"
#include "engine/text/java_case.h"

namespace sarsen::engine {
namespace {

template <auto kChange>
class ChangeCase final : public ExtractionFunction {
 public:
  using ExtractionFunction::apply;

  Text apply(std::optional<std::string_view> value) const override {
    return value ? Text(kChange(*value, {})) : Text();
  }
};

template <auto kChange>
ExtractionPtr parse_change_case(const JsonField&) {
  return std::make_shared<ChangeCase<kChange>>();
}

}  // namespace

void register_change_case(ExtractionRegistry& registry) {
  registry.add({.type = "upper", .parse = parse_change_case<upper_case>, .doc = "Letters as capitals."});
  registry.add({.type = "lower", .parse = parse_change_case<lower_case>, .doc = "Capitals as small letters."});
}

}  // namespace sarsen::engine
