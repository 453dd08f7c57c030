// inType: the column has one of some values of a given type; null may be one of them.

#include <algorithm>
#include <limits>
#include <set>

#include "engine/filter/equals.h"
#include "engine/filter/is_null.h"
#include "engine/filter/leaf_matcher.h"
#include "engine/result/value_cast.h"
#include "engine/result/value_order.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

using storage::ValueType;

bool less_value(const Value& left, const Value& right) { return compare_values(left, right) < 0; }

class InType final : public Filter {
 public:
  /// `values`: of the type, in the order in which they are to be searched.
  InType(std::string column, ValueType type, std::vector<Value> values)
      : column_(std::move(column)), type_(type), values_(std::move(values)) {
    for (const Value& value : values_)
      if (auto text = match_text(value)) texts_.insert(*std::move(text));
    with_null_ = !values_.empty() && is_null(values_[0]);
    if (values_.size() == 1) single_ = with_null_ ? make_is_null(column_) : make_equals(column_, values_[0]);
  }

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    if (!use.by_row && values_.empty()) return match_constant(false, use.row_count);
    if (!use.by_row && single_ != nullptr) return single_->bind(columns, use);
    return bind_leaf(
        columns, column_, use, null_answer(), [&](StringSource& source) { return match_string(source); },
        [&]<class T>(NumericSource<T>& source) { return match_values(source, numbers<T>(), null_answer()); });
  }

 private:
  NullAnswer null_answer() const noexcept { return with_null_ ? NullAnswer::kTrue : NullAnswer::kUnknown; }

  std::unique_ptr<FilterMatcher> match_string(StringSource& source) const {
    if (type_ != ValueType::kString) return match_answers(source, number_test());
    IdSet ids(source.dictionary().size());
    for (const std::string& text : texts_)
      if (const auto id = source.dictionary().find(text)) ids.add(*id);
    return match_ids(source, std::move(ids),
                     [texts = texts_, null = null_answer()](std::optional<std::string_view> text) {
                       return text ? answer_of(texts.contains(*text)) : null;
                     });
  }

  /// Text is looked for as the number that it holds: "007" is 7.
  TextTest number_test() const {
    std::set<Value, bool (*)(const Value&, const Value&)> wanted(less_value);
    for (const Value& value : values_)
      if (!is_null(value)) wanted.insert(type_ == ValueType::kLong ? value : cast_value(value, ValueType::kDouble));
    return [wanted = std::move(wanted), null = null_answer(),
            longs = type_ == ValueType::kLong](std::optional<std::string_view> text) {
      if (!text) return null;
      if (longs) {
        const bool whole = text->find_first_not_of("+-0123456789") == std::string_view::npos;
        const std::optional<std::int64_t> number = whole ? exact_long(*text) : std::nullopt;
        return answer_of(number && wanted.contains(Value(*number)));
      }
      const std::optional<double> number = try_parse_double(*text);
      return answer_of(number && wanted.contains(Value(*number)));
    };
  }

  template <class T>
  static constexpr ValueType type_of() {
    return std::is_same_v<T, std::int64_t> ? ValueType::kLong
           : std::is_same_v<T, float>      ? ValueType::kFloat
                                           : ValueType::kDouble;
  }

  /// Values of another type are cast as Java does, 2.5 to 2. Those of the column's own type are found by binary search,
  /// which misses some where a query's `sortedValues` are not sorted.
  template <class T>
  std::vector<T> numbers() const {
    std::vector<T> numbers;
    for (const Value& value : values_) {
      if (type_ == type_of<T>() && !is_found(value)) continue;
      const Value number = cast_value(value, type_of<T>());
      if (!is_null(number)) numbers.push_back(std::get<T>(number));
    }
    return numbers;
  }

  /// Collections.binarySearch.
  bool is_found(const Value& wanted) const {
    std::ptrdiff_t low = 0;
    std::ptrdiff_t high = static_cast<std::ptrdiff_t>(values_.size()) - 1;
    while (low <= high) {
      const std::ptrdiff_t middle = (low + high) / 2;
      const int order = compare_values(values_[static_cast<std::size_t>(middle)], wanted);
      if (order == 0) return true;
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return false;
  }

  std::string column_;
  ValueType type_;
  std::vector<Value> values_;
  std::set<std::string, std::less<>> texts_;
  bool with_null_ = false;
  FilterPtr single_;
};

/// By Druid's rules for values of dimensions: what is no value of the type is null.
std::vector<Value> parse_values(const JsonField& list, ValueType type) {
  std::vector<Value> values;
  for (const JsonField& element : list.elements()) {
    const Json* json = element.present() ? &element.json() : nullptr;
    if (json != nullptr && json->is_bool() && type == ValueType::kString) {
      values.emplace_back(std::string(json->boolean() ? "true" : "false"));
    } else {
      values.push_back(json == nullptr ? Value() : cast_value(value_of(*json), type));
    }
  }
  return values;
}

FilterPtr parse_in_type(const JsonField& json) {
  const std::string column = json["column"].string();
  const JsonField type_field = json["matchValueType"];
  const MatchType type = parse_match_type(type_field);
  if (type.array || type.type == ValueType::kComplex)
    type_field.fail("Unsupported matchValueType[" + type.name() + "]");
  const JsonField unsorted = json["values"];
  const JsonField sorted = json["sortedValues"];
  if (unsorted.present() == sorted.present())
    json.fail("Invalid IN filter on column [" + column + "], exactly one of values or sortedValues must be non-null");
  std::vector<Value> values = parse_values(sorted.present() ? sorted : unsorted, type.type);
  if (unsorted.present()) {
    std::sort(values.begin(), values.end(), less_value);
    const auto same = [](const Value& left, const Value& right) { return compare_values(left, right) == 0; };
    values.erase(std::unique(values.begin(), values.end(), same), values.end());
  }
  return std::make_shared<InType>(column, type.type, std::move(values));
}

}  // namespace

void register_in_type(FilterRegistry& registry) {
  registry.add({.type = "inType", .parse = parse_in_type, .doc = "`column` is one of `values`, of `matchValueType`."});
}

}  // namespace sarsen::engine
