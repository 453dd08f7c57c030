// selector: the column has one value, or is null. extraction is its old name where there is a function.

#include "engine/filter/equals.h"
#include "engine/filter/is_null.h"
#include "engine/filter/leaf_matcher.h"

namespace sarsen::engine {
namespace {

class Selector final : public Filter {
 public:
  Selector(std::string dimension, std::optional<std::string> value, ExtractionPtr function)
      : dimension_(std::move(dimension)), value_(std::move(value)), function_(std::move(function)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    if (function_ != nullptr) return bind_text_leaf(columns, dimension_, use, function_, test());
    const std::optional<ColumnKind> kind = columns.kind(dimension_);
    const bool is_array = kind && kind->type == storage::ValueType::kVariant;
    const bool is_complex = kind && kind->type == storage::ValueType::kComplex;
    const bool knows_nulls = is_complex && kind->complex_type == "json" && !use.by_row;  // by an index, in Druid
    if (!value_ && (is_array || knows_nulls)) return make_is_null(dimension_)->bind(columns, use);
    if (value_ && is_complex) return make_equals(dimension_, *value_)->bind(columns, use);
    return bind_leaf(
        columns, dimension_, use, null_answer(), [&](StringSource& source) { return match_string(source); },
        [&](auto& source) { return match_number(source); });
  }

 private:
  NullAnswer null_answer() const noexcept { return value_ ? NullAnswer::kUnknown : NullAnswer::kTrue; }

  TextTest test() const {
    return [value = value_, null_answer = null_answer()](std::optional<std::string_view> text) {
      return text ? answer_of(text == value) : null_answer;
    };
  }

  std::unique_ptr<FilterMatcher> match_string(StringSource& source) const {
    IdSet ids(source.dictionary().size());
    if (const auto id = source.dictionary().find(value_ ? std::optional<std::string_view>(*value_) : std::nullopt))
      ids.add(*id);
    return match_ids(source, std::move(ids), test());
  }

  template <class T>
  std::unique_ptr<FilterMatcher> match_number(NumericSource<T>& source) const {
    const std::optional<T> number = value_ ? number_of_text<T>(*value_) : std::nullopt;
    return match_values(source, number ? std::vector<T>{*number} : std::vector<T>{}, null_answer());
  }

  std::string dimension_;
  std::optional<std::string> value_;
  ExtractionPtr function_;
};

FilterPtr parse_selector(const JsonField& json) {
  return std::make_shared<Selector>(json["dimension"].string(), json["value"].optional_string(),
                                    parse_optional_extraction(json["extractionFn"]));
}

FilterPtr parse_extraction_filter(const JsonField& json) {
  return std::make_shared<Selector>(json["dimension"].string(), json["value"].optional_string(),
                                    parse_extraction(json["extractionFn"]));
}

}  // namespace

void register_selector(FilterRegistry& registry) {
  registry.add({.type = "selector", .parse = parse_selector, .doc = "`dimension` is `value`; no value: it is null."});
  registry.add({.type = "extraction",
                .parse = parse_extraction_filter,
                .doc = "What `extractionFn` makes of `dimension` is `value`."});
}

}  // namespace sarsen::engine
