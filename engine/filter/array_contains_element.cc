// arrayContainsElement: the column's array has an element, null perhaps; a single value is an array of one.

#include <algorithm>

#include "engine/filter/equals.h"
#include "engine/filter/leaf_matcher.h"

namespace sarsen::engine {
namespace {

class ArrayContainsElement final : public Filter {
 public:
  ArrayContainsElement(std::string column, Value element)
      : column_(std::move(column)),
        element_(std::move(element)),
        scalar_(is_null(element_) ? nullptr : make_equals(column_, element_)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    const std::optional<ColumnKind> kind = columns.kind(column_);
    if (!kind) return match_all_null(NullAnswer::kUnknown, use.row_count);
    if (kind->type != storage::ValueType::kVariant) return match_scalar(columns, use);
    return match_arrays(columns.values(column_), match_type_of(*kind));
  }

 private:
  /// A scalar column has no null element: its null is a missing array.
  std::unique_ptr<FilterMatcher> match_scalar(ColumnSources& columns, const FilterUse& use) const {
    if (scalar_ != nullptr) return scalar_->bind(columns, use);
    return bind_text_leaf(columns, column_, use, nullptr, unknown_if_null([](std::string_view) { return false; }));
  }

  std::unique_ptr<FilterMatcher> match_arrays(ValueSource& source, const std::optional<MatchType>& type) const {
    const MatchType element_type{.type = type ? type->type : storage::ValueType::kString};
    const std::optional<Value> wanted =
        is_null(element_) ? std::optional(Value()) : (type ? cast_for_equality(element_, element_type) : element_);
    return match_each_value(source, [wanted](const ValueView& view) {
      const Value value = value_of_view(view);
      if (is_null(value)) return Answer::kUnknown;
      if (!wanted) return Answer::kFalse;
      const auto* list = std::get_if<List>(&value);
      if (list == nullptr) return answer_of(equal_values(value, *wanted));
      return answer_of(std::any_of(list->elements().begin(), list->elements().end(),
                                   [&](const Value& element) { return equal_values(element, *wanted); }));
    });
  }

  std::string column_;
  Value element_;
  FilterPtr scalar_;
};

FilterPtr parse_array_contains_element(const JsonField& json) {
  const JsonField element = json["elementMatchValue"];
  const MatchType type = parse_match_type(json["elementMatchValueType"]);
  return std::make_shared<ArrayContainsElement>(json["column"].string(),
                                                element.present() ? typed_value(element.json(), type) : Value());
}

}  // namespace

void register_array_contains_element(FilterRegistry& registry) {
  registry.add({.type = "arrayContainsElement",
                .parse = parse_array_contains_element,
                .doc = "The array `column` has the element `elementMatchValue`."});
}

}  // namespace sarsen::engine
