// bound: the column lies between `lower` and `upper` in an order of strings, or of numbers.

#include "engine/filter/bound.h"

#include <cmath>

#include "engine/filter/leaf_matcher.h"
#include "engine/filter/numeric_bounds.h"
#include "engine/ordering/string_comparator.h"
#include "storage/base/java_number.h"
#include "storage/base/json_writer.h"

namespace sarsen::engine {
namespace {

struct BoundSpec {
  std::string dimension;
  std::optional<std::string> lower;
  std::optional<std::string> upper;
  bool lower_strict = false;
  bool upper_strict = false;
  std::shared_ptr<const StringComparator> ordering;
  ExtractionPtr function = nullptr;

  bool accepts(std::string_view text) const {
    if (lower) {
      const int order = ordering->compare(text, *lower);
      if (order < 0 || (lower_strict && order == 0)) return false;
    }
    if (upper) {
      const int order = ordering->compare(*upper, text);
      if (order < 0 || (upper_strict && order == 0)) return false;
    }
    return true;
  }
};

/// A lower bound that is no number is below every number, an upper one lets nothing through (Druid).
NumericBounds<std::int64_t> long_bounds(const BoundSpec& spec) {
  NumericBounds<std::int64_t> bounds{lowest<std::int64_t>(), highest<std::int64_t>()};
  if (spec.lower) {
    if (const auto exact = exact_long(*spec.lower)) {
      bounds.empty |= spec.lower_strict && *exact == bounds.high;
      bounds.low = *exact + (spec.lower_strict && *exact != bounds.high ? 1 : 0);
    } else if (const auto number = try_parse_double(*spec.lower); number && *number == *number) {
      bounds.empty |= *number >= 0x1p63;
      bounds.low = java_long(std::ceil(*number));  // a fraction: the strict and the closed bound admit the same longs
    }
  }
  if (spec.upper) {
    if (const auto exact = exact_long(*spec.upper)) {
      bounds.empty |= spec.upper_strict && *exact == lowest<std::int64_t>();
      bounds.high = *exact - (spec.upper_strict && *exact != lowest<std::int64_t>() ? 1 : 0);
    } else if (const auto number = try_parse_double(*spec.upper); number && *number == *number) {
      bounds.empty |= *number < -0x1p63;
      bounds.high = java_long(std::floor(*number));
    } else {
      bounds.empty = true;
    }
  }
  return bounds;
}

template <class T>
NumericBounds<T> floating_bounds(const BoundSpec& spec) {
  NumericBounds<T> bounds{lowest<T>(), highest<T>()};
  if (spec.lower) {
    if (const std::optional<T> number = number_of_text<T>(*spec.lower)) {
      bounds.empty |= spec.lower_strict && *number != *number;  // nothing is above NaN
      bounds.low = spec.lower_strict && !bounds.empty ? from_ordered_bits<T>(ordered_bits(*number) + 1) : *number;
    }
  }
  if (spec.upper) {
    const std::optional<T> number = number_of_text<T>(*spec.upper);
    if (!number) {
      bounds.empty = true;
    } else {
      bounds.high = spec.upper_strict ? from_ordered_bits<T>(ordered_bits(*number) - 1) : *number;
    }
  }
  return bounds;
}

template <class T>
NumericBounds<T> numeric_bounds(const BoundSpec& spec) {
  if constexpr (std::is_same_v<T, std::int64_t>) {
    return long_bounds(spec);
  } else {
    return floating_bounds<T>(spec);
  }
}

class Bound final : public Filter {
 public:
  explicit Bound(BoundSpec spec) : spec_(std::move(spec)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    if (spec_.function != nullptr) return bind_function(columns, use);
    return bind_leaf(
        columns, spec_.dimension, use, predicate_null_answer(),
        [&](StringSource& source) { return match_string(source, string_null_answer(use)); },
        [&](auto& source) { return match_number(source); });
  }

 private:
  /// Null is below everything: inside exactly where there is no lower bound.
  NullAnswer null_answer() const noexcept { return spec_.lower ? NullAnswer::kUnknown : NullAnswer::kTrue; }
  NullAnswer predicate_null_answer() const noexcept { return answer_of(!spec_.lower); }

  /// Only Druid's search in a sorted dictionary leaves a null row unknown; asked one by one, it is outside.
  NullAnswer string_null_answer(const FilterUse& use) const noexcept {
    const bool searched = spec_.ordering->name() == "lexicographic" && !use.by_row;
    return searched ? null_answer() : predicate_null_answer();
  }

  /// Rows of numbers that are null are unknown, whatever the function makes of null.
  std::unique_ptr<FilterMatcher> bind_function(ColumnSources& columns, const FilterUse& use) const {
    const std::optional<ColumnKind> kind = columns.kind(spec_.dimension);
    const TextTest test = text_test(predicate_null_answer());
    if (!kind || kind->type == storage::ValueType::kString || kind->type == storage::ValueType::kComplex)
      return bind_text_leaf(columns, spec_.dimension, use, spec_.function, test);
    refuse_arrays(*kind, spec_.dimension);
    return with_numeric(columns, spec_.dimension, kind->type, [&]<class T>(NumericSource<T>& source) {
      return match_distinct<T>(
          source,
          [function = spec_.function, test](T value) {
            const ExtractionFunction::Text text = function->apply(value);
            return test(text ? std::optional<std::string_view>(*text) : std::nullopt);
          },
          NullAnswer::kUnknown);
    });
  }

  TextTest text_test(NullAnswer null_answer) const {
    return [spec = spec_, null_answer](std::optional<std::string_view> value) {
      return value ? answer_of(spec.accepts(*value)) : null_answer;
    };
  }

  std::unique_ptr<FilterMatcher> match_string(StringSource& source, NullAnswer null_answer) const {
    if (spec_.ordering->name() != "lexicographic" || !source.dictionary().sorted())
      return match_answers(source, text_test(null_answer));
    return match_ids(source, id_range(source.dictionary()), text_test(null_answer));
  }

  /// A sorted dictionary is searched for the two ends.
  IdSet id_range(const storage::Dictionary& dictionary) const {
    const bool has_null = dictionary.size() > 0 && !dictionary.value(0);
    std::uint32_t begin = has_null ? 1 : 0;
    std::uint32_t end = dictionary.size();
    if (spec_.lower)
      begin = dictionary.lower_bound(*spec_.lower) + (spec_.lower_strict && dictionary.find(*spec_.lower) ? 1 : 0);
    if (spec_.upper)
      end = dictionary.lower_bound(*spec_.upper) + (!spec_.upper_strict && dictionary.find(*spec_.upper) ? 1 : 0);
    IdSet ids(dictionary.size());
    if (begin < end) ids.add_range(begin, end);
    return ids;
  }

  template <class T>
  std::unique_ptr<FilterMatcher> match_number(NumericSource<T>& source) const {
    if (spec_.ordering->name() != "numeric")
      return match_predicate<T>(
          source, [spec = spec_](T value) { return spec.accepts(text_of_number(value)); }, NullAnswer::kUnknown);
    const NumericBounds<T> bounds = numeric_bounds<T>(spec_);
    if (bounds.empty) return match_values(source, std::vector<T>{}, NullAnswer::kUnknown);
    return match_range(source, bounds.low, bounds.high, NullAnswer::kUnknown);
  }

  BoundSpec spec_;
};

FilterPtr parse_bound(const JsonField& json) {
  BoundSpec spec{.dimension = json["dimension"].string(),
                 .lower = json["lower"].optional_string(),
                 .upper = json["upper"].optional_string(),
                 .lower_strict = json["lowerStrict"].boolean_or(false),
                 .upper_strict = json["upperStrict"].boolean_or(false),
                 .ordering = nullptr,
                 .function = parse_optional_extraction(json["extractionFn"])};
  if (!spec.lower && !spec.upper) json.fail("lower and upper can not be null at the same time");
  const bool alphanumeric = json["alphaNumeric"].boolean_or(false);
  spec.ordering = parse_string_comparator(json["ordering"], alphanumeric ? "alphanumeric" : "lexicographic");
  if (alphanumeric && spec.ordering->name() != "alphanumeric") json["alphaNumeric"].fail("contradicts ordering");
  return std::make_shared<Bound>(std::move(spec));
}

}  // namespace

FilterPtr make_millis_bound(std::string dimension, const Interval& interval, ExtractionPtr function) {
  return std::make_shared<Bound>(BoundSpec{.dimension = std::move(dimension),
                                           .lower = std::to_string(interval.start_ms),
                                           .upper = std::to_string(interval.end_ms),
                                           .upper_strict = true,
                                           .ordering = find_string_comparator("numeric"),
                                           .function = std::move(function)});
}

void register_bound(FilterRegistry& registry) {
  registry.add({.type = "bound",
                .parse = parse_bound,
                .doc = "`dimension` is between `lower` and `upper` in the order `ordering`."});
}

}  // namespace sarsen::engine
