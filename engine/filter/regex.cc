// regex: a regular expression finds something in the column's text.

#include "engine/filter/leaf_matcher.h"
#include "engine/text/pattern_field.h"

namespace sarsen::engine {
namespace {

class Regex final : public Filter {
 public:
  Regex(std::string dimension, JavaPattern pattern, ExtractionPtr function)
      : dimension_(std::move(dimension)),
        pattern_(std::make_shared<const JavaPattern>(std::move(pattern))),
        function_(std::move(function)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    return bind_text_leaf(columns, dimension_, use, function_,
                          unknown_if_null([pattern = pattern_](std::string_view text) { return pattern->find(text); }));
  }

 private:
  std::string dimension_;
  std::shared_ptr<const JavaPattern> pattern_;
  ExtractionPtr function_;
};

FilterPtr parse_regex(const JsonField& json) {
  return std::make_shared<Regex>(json["dimension"].string(), parse_pattern(json["pattern"]),
                                 parse_optional_extraction(json["extractionFn"]));
}

}  // namespace

void register_regex(FilterRegistry& registry) {
  registry.add({.type = "regex", .parse = parse_regex, .doc = "`pattern` finds something in `dimension`."});
}

}  // namespace sarsen::engine
