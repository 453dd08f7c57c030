// range: the column lies between two values of a given type. Null is never inside.

#include <cmath>

#include "engine/filter/leaf_matcher.h"
#include "engine/filter/match_value.h"
#include "engine/filter/numeric_bounds.h"
#include "engine/ordering/string_comparator.h"
#include "engine/result/value_order.h"
#include "storage/base/java_number.h"

namespace sarsen::engine {
namespace {

using storage::ValueType;

struct RangeSpec {
  std::string column;
  MatchType type;
  Value lower;  // null: none
  Value upper;
  bool lower_open = false;
  bool upper_open = false;

  /// Of how the value is ordered against each bound.
  template <class AgainstLower, class AgainstUpper>
  bool accepts(AgainstLower against_lower, AgainstUpper against_upper) const {
    if (!is_null(lower)) {
      const int order = against_lower();
      if (order < 0 || (lower_open && order == 0)) return false;
    }
    if (is_null(upper)) return true;
    const int order = against_upper();
    return order < 0 || (!upper_open && order == 0);
  }
};

double number_of(const Value& value) {
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole != nullptr ? static_cast<double>(*whole) : std::get<double>(value);
}

/// As Druid does, through doubles: a long past 2^53 is rounded.
NumericBounds<std::int64_t> long_bounds(const RangeSpec& spec) {
  NumericBounds<std::int64_t> bounds{lowest<std::int64_t>(), highest<std::int64_t>()};
  if (!is_null(spec.lower)) {
    const double bound = number_of(spec.lower);
    bounds.low = java_long(spec.lower_open ? std::floor(bound) : std::ceil(bound));
    bounds.empty |= spec.lower_open && bounds.low == bounds.high;
    if (spec.lower_open && !bounds.empty) ++bounds.low;
  }
  if (!is_null(spec.upper)) {
    const double bound = number_of(spec.upper);
    bounds.high = java_long(spec.upper_open ? std::ceil(bound) : std::floor(bound));
    bounds.empty |= spec.upper_open && bounds.high == lowest<std::int64_t>();
    if (spec.upper_open && !bounds.empty) --bounds.high;
  }
  return bounds;
}

NumericBounds<double> double_bounds(const RangeSpec& spec) {
  NumericBounds<double> bounds{lowest<double>(), highest<double>()};
  if (!is_null(spec.lower)) {
    const double bound = number_of(spec.lower);
    bounds.empty |= spec.lower_open && bound != bound;  // nothing is above NaN
    bounds.low = spec.lower_open && !bounds.empty ? from_ordered_bits<double>(ordered_bits(bound) + 1) : bound;
  }
  if (!is_null(spec.upper)) {
    const double bound = number_of(spec.upper);
    bounds.high = spec.upper_open ? from_ordered_bits<double>(ordered_bits(bound) - 1) : bound;
  }
  return bounds;
}

class Range final : public Filter {
 public:
  explicit Range(RangeSpec spec) : spec_(std::make_shared<const RangeSpec>(std::move(spec))) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    const std::optional<ColumnKind> kind = columns.kind(spec_->column);
    if (kind && kind->type == ValueType::kComplex) return match_all_null(NullAnswer::kUnknown, use.row_count);
    if (kind && kind->type == ValueType::kVariant) return match_arrays(columns, *kind);
    if (!kind || kind->type == ValueType::kString || !spec_->type.is_number())
      return bind_text_leaf(columns, spec_->column, use, nullptr, text_test(), id_search());
    return match_number(columns, kind->type);
  }

 private:
  std::unique_ptr<FilterMatcher> match_number(ColumnSources& columns, ValueType type) const {
    if (type == ValueType::kLong) return match_within(columns.longs(spec_->column), long_bounds(*spec_));
    return match_within(columns.doubles(spec_->column), double_bounds(*spec_));
  }

  template <class T>
  static std::unique_ptr<FilterMatcher> match_within(NumericSource<T>& source, const NumericBounds<T>& bounds) {
    if (bounds.empty) return match_values(source, std::vector<T>{}, NullAnswer::kUnknown);
    return match_range(source, bounds.low, bounds.high, NullAnswer::kUnknown);
  }

  /// Text in the order of numbers where the bounds are numbers, else by its UTF-16 code units.
  TextTest text_test() const {
    const auto comparator = find_string_comparator(spec_->type.is_number() ? "numeric" : "lexicographic");
    return unknown_if_null([spec = spec_, comparator, lower = match_text(spec_->lower),
                            upper = match_text(spec_->upper)](std::string_view text) {
      return spec->accepts([&] { return comparator->compare(text, *lower); },
                           [&] { return comparator->compare(text, *upper); });
    });
  }

  /// A sorted dictionary is searched for the two ends.
  DictionarySearch id_search() const {
    if (spec_->type.is_number()) return nullptr;
    return [spec = spec_](const storage::Dictionary& dictionary) {
      const bool has_null = dictionary.size() > 0 && !dictionary.value(0);
      const auto lower = match_text(spec->lower);
      const auto upper = match_text(spec->upper);
      std::uint32_t begin = has_null ? 1 : 0;
      std::uint32_t end = dictionary.size();
      if (lower) begin = dictionary.lower_bound(*lower) + (spec->lower_open && dictionary.find(*lower) ? 1 : 0);
      if (upper) end = dictionary.lower_bound(*upper) + (!spec->upper_open && dictionary.find(*upper) ? 1 : 0);
      IdSet ids(dictionary.size());
      if (begin < end) ids.add_range(begin, end);
      return ids;
    };
  }

  /// Arrays against the bounds as arrays of the column's type: a single bound is one of one element.
  std::unique_ptr<FilterMatcher> match_arrays(ColumnSources& columns, const ColumnKind& kind) const {
    const MatchType type = match_type_of(kind).value_or(MatchType{.type = spec_->type.type, .array = true});
    auto spec = std::make_shared<RangeSpec>(*spec_);
    const bool as_numbers = type.type == ValueType::kString && is_numeric(spec_->type.type);
    spec->lower = array_bound(spec_->lower, type, !spec_->lower_open);
    spec->upper = array_bound(spec_->upper, type, spec_->upper_open);
    const auto compare = as_numbers ? compare_as_numbers : compare_values;
    return match_each_value(columns, spec_->column, [spec, type, compare](const ValueView& view) {
      Value value = value_of_view(view);
      if (is_null(value)) return Answer::kUnknown;
      if (!std::holds_alternative<List>(value)) value = converted(value, type);
      return answer_of(
          spec->accepts([&] { return compare(value, spec->lower); }, [&] { return compare(value, spec->upper); }));
    });
  }

  static bool is_numeric(ValueType type) {
    return type == ValueType::kLong || type == ValueType::kFloat || type == ValueType::kDouble;
  }

  /// Of a column of longs: a fraction is the next long above it where `ceils`, else cut.
  static Value array_bound(const Value& bound, const MatchType& type, bool ceils) {
    if (is_null(bound)) return {};
    if (type.type != ValueType::kLong || !ceils) return converted(bound, type);
    Value doubles = converted(bound, {.type = ValueType::kDouble, .array = true});
    Value longs = converted(bound, type);
    ListElements elements = std::get<List>(longs).elements();
    for (std::size_t i = 0; i < elements.size(); ++i)
      if (const auto* number = std::get_if<double>(&std::get<List>(doubles).elements()[i]);
          number != nullptr && *number != std::floor(*number))
        elements[i] = java_long(std::ceil(*number));
    return List(std::move(elements));
  }

  /// Arrays of text in the order of the numbers that they hold.
  static int compare_as_numbers(const Value& left, const Value& right) {
    const auto comparator = find_string_comparator("numeric");
    const ListElements& a = std::get<List>(left).elements();
    const ListElements& b = std::get<List>(right).elements();
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      const auto one = match_text(a[i]);
      const auto other = match_text(b[i]);
      const int order =
          one && other ? comparator->compare(*one, *other) : int{one.has_value()} - int{other.has_value()};
      if (order != 0) return order;
    }
    return a.size() < b.size() ? -1 : int{a.size() > b.size()};
  }

  std::shared_ptr<const RangeSpec> spec_;
};

Value parse_bound_value(const JsonField& json, const MatchType& type) {
  if (!json.present()) return {};
  Value value = typed_value(json.json(), type);
  if (is_null(value) && type.is_number()) json.fail("is no " + type.name());
  return value;
}

FilterPtr parse_range(const JsonField& json) {
  RangeSpec spec;
  spec.column = json["column"].string();
  spec.type = parse_match_type(json["matchValueType"]);
  if (spec.type.type == ValueType::kComplex) json["matchValueType"].fail("complex values have no order");
  spec.lower = parse_bound_value(json["lower"], spec.type);
  spec.upper = parse_bound_value(json["upper"], spec.type);
  spec.lower_open = json["lowerOpen"].boolean_or(false);
  spec.upper_open = json["upperOpen"].boolean_or(false);
  if (is_null(spec.lower) && is_null(spec.upper))
    json.fail("Invalid range filter on column [" + spec.column + "], lower and upper cannot be null at the same time");
  return std::make_shared<Range>(std::move(spec));
}

}  // namespace

void register_range(FilterRegistry& registry) {
  registry.add({.type = "range", .parse = parse_range, .doc = "`column` is between `lower` and `upper`."});
}

}  // namespace sarsen::engine
