// bound: the column lies between `lower` and `upper` in an order of strings, or of numbers.

#include <bit>
#include <cmath>
#include <limits>

#include "engine/filter/leaf_matcher.h"
#include "engine/ordering/string_comparator.h"
#include "engine/query/query.h"
#include "storage/base/java_number.h"
#include "storage/base/json_writer.h"

namespace sarsen::engine {
namespace {

/// Both ends inclusive, in the order of the type; empty: nothing matches.
template <class T>
struct NumericBounds {
  T low;
  T high;
  bool empty = false;
};

/// Numbers in the order of Double.compare as integers, so that the next one is one more.
template <class T>
auto ordered_bits(T value) noexcept {
  using Bits = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;
  const auto bits = std::bit_cast<Bits>(value != value ? std::numeric_limits<T>::quiet_NaN() : value);
  return bits >= 0 ? bits : static_cast<Bits>(std::numeric_limits<Bits>::min() - bits - 1);
}
template <class T, class Bits>
T from_ordered_bits(Bits bits) noexcept {
  return std::bit_cast<T>(bits >= 0 ? bits : static_cast<Bits>(std::numeric_limits<Bits>::min() - bits - 1));
}

template <class T>
T lowest() noexcept {
  if constexpr (std::is_same_v<T, std::int64_t>) return std::numeric_limits<T>::min();
  return static_cast<T>(-std::numeric_limits<double>::infinity());
}
template <class T>
T highest() noexcept {
  if constexpr (std::is_same_v<T, std::int64_t>) return std::numeric_limits<T>::max();
  return std::numeric_limits<T>::quiet_NaN();  // greater than everything
}

struct BoundSpec {
  std::string dimension;
  std::optional<std::string> lower;
  std::optional<std::string> upper;
  bool lower_strict = false;
  bool upper_strict = false;
  std::shared_ptr<const StringComparator> ordering;

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

template <class T>
std::string text_of(T value) {
  if constexpr (std::is_same_v<T, std::int64_t>) {
    return std::to_string(value);
  } else {
    return java_text(value);
  }
}

class Bound final : public Filter {
 public:
  explicit Bound(BoundSpec spec) : spec_(std::move(spec)) {}

  std::unique_ptr<FilterMatcher> bind(ColumnSources& columns, const FilterUse& use) const override {
    return bind_leaf(
        columns, spec_.dimension, use, null_answer(),
        [&](StringSource& source) { return match_string(source, string_null_answer(use)); },
        [&](auto& source) { return match_number(source); });
  }

 private:
  /// Null is below everything: inside exactly where there is no lower bound.
  NullAnswer null_answer() const noexcept { return spec_.lower ? NullAnswer::kUnknown : NullAnswer::kTrue; }

  /// Only Druid's search in a sorted dictionary leaves a null row unknown; asked one by one, it is outside.
  NullAnswer string_null_answer(const FilterUse& use) const noexcept {
    if (!spec_.lower) return NullAnswer::kTrue;
    return spec_.ordering->name() == "lexicographic" && !use.in_aggregator ? NullAnswer::kUnknown : NullAnswer::kFalse;
  }

  std::unique_ptr<FilterMatcher> match_string(StringSource& source, NullAnswer null_answer) const {
    if (spec_.ordering->name() != "lexicographic" || !source.dictionary().sorted())
      return match_strings(source, [&](std::string_view text) { return spec_.accepts(text); }, null_answer);
    return match_ids(source, id_range(source.dictionary()), null_answer);
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
    ids.add_range(begin, end);
    if (has_null && null_answer() == NullAnswer::kTrue) ids.add(0);
    return ids;
  }

  template <class T>
  std::unique_ptr<FilterMatcher> match_number(NumericSource<T>& source) const {
    if (spec_.ordering->name() != "numeric")
      return match_predicate<T>(
          source, [spec = spec_](T value) { return spec.accepts(text_of(value)); }, NullAnswer::kUnknown);
    const NumericBounds<T> bounds = numeric_bounds<T>(spec_);
    if (bounds.empty) return match_values(source, std::vector<T>{}, NullAnswer::kUnknown);
    return match_range(source, bounds.low, bounds.high, NullAnswer::kUnknown);
  }

  BoundSpec spec_;
};

FilterPtr parse_bound(const JsonField& json) {
  refuse_present(json["extractionFn"], "extraction functions are");
  BoundSpec spec{.dimension = json["dimension"].string(),
                 .lower = json["lower"].optional_string(),
                 .upper = json["upper"].optional_string(),
                 .lower_strict = json["lowerStrict"].boolean_or(false),
                 .upper_strict = json["upperStrict"].boolean_or(false),
                 .ordering = nullptr};
  if (!spec.lower && !spec.upper) json.fail("lower and upper can not be null at the same time");
  const bool alphanumeric = json["alphaNumeric"].boolean_or(false);
  spec.ordering = parse_string_comparator(json["ordering"], alphanumeric ? "alphanumeric" : "lexicographic");
  if (alphanumeric && spec.ordering->name() != "alphanumeric") json["alphaNumeric"].fail("contradicts ordering");
  return std::make_shared<Bound>(std::move(spec));
}

}  // namespace

void register_bound(FilterRegistry& registry) {
  registry.add({.type = "bound",
                .parse = parse_bound,
                .doc = "`dimension` is between `lower` and `upper` in the order `ordering`."});
}

}  // namespace sarsen::engine
