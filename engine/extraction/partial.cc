// partial: the value where a regular expression finds something in it, else null.

#include "engine/extraction/extraction_function.h"
#include "engine/text/pattern_field.h"

namespace sarsen::engine {
namespace {

class Partial final : public ExtractionFunction {
 public:
  explicit Partial(JavaPattern pattern) : pattern_(std::move(pattern)) {}
  using ExtractionFunction::apply;

  Text apply(std::optional<std::string_view> value) const override {
    return value && pattern_.find(*value) ? Text(*value) : Text();
  }

 private:
  JavaPattern pattern_;
};

ExtractionPtr parse_partial(const JsonField& json) { return std::make_shared<Partial>(parse_pattern(json["expr"])); }

}  // namespace

void register_partial(ExtractionRegistry& registry) {
  registry.add({.type = "partial", .parse = parse_partial, .doc = "The value where it has a match of `expr`."});
}

}  // namespace sarsen::engine
