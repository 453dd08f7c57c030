// Leaves on numbers: a range, a set of values, or any predicate, and what null rows answer.

#include <algorithm>
#include <array>
#include <bit>
#include <boost/unordered/unordered_flat_map.hpp>
#include <type_traits>
#include <utility>

#include "engine/filter/leaf_matcher.h"
#include "engine/filter/numeric_bounds.h"
#include "engine/kernels/kernels.h"
#include "engine/vector/narrow_source.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/selection.h"
#include "storage/base/error.h"
#include "storage/base/java_number.h"
#include "storage/base/json_writer.h"

namespace sarsen::engine {
namespace {

/// `nulls` nullptr: there are none.
void settle_nulls(std::uint64_t* mask, const std::uint64_t* nulls, std::uint32_t size, bool null_matches) noexcept {
  if (nulls == nullptr) return;
  if (null_matches) {
    kernels::mask_or(mask, nulls, mask_words(size));
  } else {
    kernels::mask_and_not(mask, nulls, mask_words(size));
  }
}

/// Derived::test(values, size, mask) writes the mask for non-null values; nulls are settled here.
template <class Derived, class T>
class NumericMatcher : public FilterMatcher {
 public:
  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) final {
    const NumericVector<T> vector = source_.read(begin, size);
    static_cast<Derived*>(this)->test(vector.values, size, mask);
    settle_nulls(mask, vector.nulls, size, null_matches(include_unknown));
  }

 protected:
  NumericMatcher(NumericSource<T>& source, NullAnswer null_answer) : source_(source), null_answer_(null_answer) {}

 private:
  bool null_matches(bool include_unknown) const noexcept { return matches(null_answer_, include_unknown); }

  NumericSource<T>& source_;
  NullAnswer null_answer_;
};

template <class T>
class RangeMatcher final : public NumericMatcher<RangeMatcher<T>, T> {
 public:
  RangeMatcher(NumericSource<T>& source, T low, T high, NullAnswer null_answer)
      : NumericMatcher<RangeMatcher<T>, T>(source, null_answer), low_(low), high_(high) {}

  void test(const T* values, std::uint32_t size, std::uint64_t* mask) const {
    kernels::in_range(values, size, low_, high_, mask);
  }

 private:
  T low_;
  T high_;
};

/// A range of numbers as a range of codes, found once: codes ascend with the numbers they stand for.
template <class T>
class NarrowRangeMatcher final : public FilterMatcher {
 public:
  NarrowRangeMatcher(NarrowSource<T>& source, T low, T high, NullAnswer null_answer)
      : source_(source),
        by_value_(source, low, high, null_answer),
        null_answer_(null_answer),
        begin_(first_code([&](T value) { return compare(value, low) >= 0; })),
        end_(first_code([&](T value) { return compare(value, high) > 0; })) {}

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    const bool bounded = begin % kVectorRows == 0 && size <= kVectorRows && undecided_ < kUndecidedMax;
    const storage::CodeBounds bounds = bounded ? source_.bounds(begin) : storage::CodeBounds{0, UINT32_MAX};
    const bool all = bounds.least >= begin_ && bounds.greatest < end_;
    const bool none = bounds.least >= end_ || bounds.greatest < begin_ || begin_ >= end_;
    if (all || none) {
      undecided_ = 0;
      fill_mask(mask, size, all);
    } else {
      ++undecided_;
      const storage::NarrowCodes codes = source_.codes(begin, size);
      if (codes.codes == nullptr) return by_value_.match(begin, size, include_unknown, mask);
      kernels::codes_in_range(codes.codes, codes.form.width, size, static_cast<std::uint32_t>(begin_),
                              static_cast<std::uint32_t>(end_ - 1), mask);
    }
    settle_nulls(mask, source_.nulls(begin, size), size, matches(null_answer_, include_unknown));
  }

 private:
  /// After so many vectors in a row of which bounds did not tell, they are not asked any more: numbers are in no order.
  static constexpr std::uint32_t kUndecidedMax = 8;

  static int compare(T left, T right) noexcept {
    const auto left_bits = ordered(left), right_bits = ordered(right);
    return left_bits < right_bits ? -1 : left_bits > right_bits;
  }
  static std::int64_t ordered(T value) noexcept {
    if constexpr (std::is_same_v<T, std::int64_t>) return value;
    return ordered_bits(static_cast<double>(value));
  }

  /// The first code of whose number `reached` is true; one past the last where there is none.
  template <class Reached>
  std::uint64_t first_code(Reached reached) const {
    const storage::NarrowForm& form = source_.form();
    std::uint64_t begin = 0;
    std::uint64_t end = std::uint64_t{1} << (form.width * 8);
    while (begin < end) {
      const std::uint64_t middle = begin + (end - begin) / 2;
      const std::int64_t integer = form.base + static_cast<std::int64_t>(middle);
      const T value = std::is_same_v<T, std::int64_t> ? static_cast<T>(integer)
                                                      : static_cast<T>(static_cast<double>(integer) / form.divisor);
      if (reached(value)) {
        end = middle;
      } else {
        begin = middle + 1;
      }
    }
    return begin;
  }

  NarrowSource<T>& source_;
  RangeMatcher<T> by_value_;
  NullAnswer null_answer_;
  std::uint64_t begin_;
  std::uint64_t end_;
  std::uint32_t undecided_ = 0;
};

/// Equality of numbers in filters is that of their bits, as Java's doubleToLongBits: every NaN is one value, 0.0 is not
/// -0.0.
template <class T>
auto comparable(T value) noexcept {
  if constexpr (std::is_same_v<T, std::int64_t>) {
    return value;
  } else if constexpr (std::is_same_v<T, double>) {
    return value != value ? std::int64_t{0x7ff8000000000000} : std::bit_cast<std::int64_t>(value);
  } else {
    return value != value ? std::int32_t{0x7fc00000} : std::bit_cast<std::int32_t>(value);
  }
}

template <class T>
class ValuesMatcher final : public NumericMatcher<ValuesMatcher<T>, T> {
 public:
  ValuesMatcher(NumericSource<T>& source, const std::vector<T>& values, NullAnswer null_answer)
      : NumericMatcher<ValuesMatcher<T>, T>(source, null_answer) {
    for (const T value : values) values_.push_back(comparable(value));
    std::sort(values_.begin(), values_.end());
  }

  void test(const T* values, std::uint32_t size, std::uint64_t* mask) const {
    std::fill_n(mask, mask_words(size), 0);
    for (std::uint32_t row = 0; row < size; ++row) {
      const bool matches = std::binary_search(values_.begin(), values_.end(), comparable(values[row]));
      mask[row / 64] |= std::uint64_t{matches} << (row % 64);
    }
  }

 private:
  std::vector<decltype(comparable(T{}))> values_;  // sorted
};

/// So many ranges, one after the other, are found faster than each row's value among the values.
constexpr std::size_t kFewRanges = 16;

/// The values as ranges of both ends, ascending: whole numbers that follow each other are one.
template <class T>
std::vector<std::pair<T, T>> ranges_of(std::vector<T> values) {
  if constexpr (std::is_same_v<T, std::int64_t>) std::ranges::sort(values);
  std::vector<std::pair<T, T>> ranges;
  for (const T value : values) {
    if constexpr (std::is_same_v<T, std::int64_t>) {
      if (!ranges.empty() && value != INT64_MIN && value - 1 <= ranges.back().second) {
        ranges.back().second = value;
        continue;
      }
    }
    ranges.emplace_back(value, value);
  }
  return ranges;
}

/// Rows in one of some ranges.
class RangesMatcher final : public FilterMatcher {
 public:
  explicit RangesMatcher(std::vector<std::unique_ptr<FilterMatcher>> ranges) : ranges_(std::move(ranges)) {}

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    ranges_[0]->match(begin, size, include_unknown, mask);
    other_.resize(mask_words(size));
    for (std::size_t i = 1; i < ranges_.size(); ++i) {
      ranges_[i]->match(begin, size, include_unknown, other_.data());
      kernels::mask_or(mask, other_.data(), other_.size());
    }
  }

 private:
  std::vector<std::unique_ptr<FilterMatcher>> ranges_;
  std::vector<std::uint64_t> other_;
};

template <class T>
class PredicateMatcher final : public NumericMatcher<PredicateMatcher<T>, T> {
 public:
  PredicateMatcher(NumericSource<T>& source, std::function<bool(T)> predicate, NullAnswer null_answer)
      : NumericMatcher<PredicateMatcher<T>, T>(source, null_answer), predicate_(std::move(predicate)) {}

  void test(const T* values, std::uint32_t size, std::uint64_t* mask) const {
    std::fill_n(mask, mask_words(size), 0);
    for (std::uint32_t row = 0; row < size; ++row)
      mask[row / 64] |= std::uint64_t{predicate_(values[row])} << (row % 64);
  }

 private:
  std::function<bool(T)> predicate_;
};

/// Asks each distinct value once, as long as there are not too many of them.
template <class T>
class DistinctMatcher final : public FilterMatcher {
 public:
  DistinctMatcher(NumericSource<T>& source, std::function<Answer(T)> test, NullAnswer null_answer)
      : source_(source), test_(std::move(test)), null_answer_(null_answer) {}

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    const NumericVector<T> vector = source_.read(begin, size);
    std::fill_n(mask, mask_words(size), 0);
    for (std::uint32_t row = 0; row < size; ++row) {
      const bool is_null = vector.nulls != nullptr && mask_has(vector.nulls, row);
      const Answer answer = is_null ? null_answer_ : answer_to(vector.values[row]);
      mask[row / 64] |= std::uint64_t{matches(answer, include_unknown)} << (row % 64);
    }
  }

 private:
  using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
  static constexpr std::size_t kKnownMax = std::size_t{1} << 20;

  Answer answer_to(T value) {
    if (known_.size() >= kKnownMax) known_.clear();
    const auto [entry, added] = known_.try_emplace(std::bit_cast<Bits>(value), Answer::kFalse);
    if (added) entry->second = test_(value);
    return entry->second;
  }

  NumericSource<T>& source_;
  std::function<Answer(T)> test_;
  NullAnswer null_answer_;
  boost::unordered_flat_map<Bits, Answer> known_;
};

}  // namespace

template <class T>
std::unique_ptr<FilterMatcher> match_distinct(NumericSource<T>& source, std::function<Answer(T)> test,
                                              NullAnswer null_answer) {
  return std::make_unique<DistinctMatcher<T>>(source, std::move(test), null_answer);
}

template <class T>
std::string text_of_number(T value) {
  if constexpr (std::is_same_v<T, std::int64_t>) {
    return std::to_string(value);
  } else {
    return java_text(value);
  }
}

template <class T>
std::unique_ptr<FilterMatcher> match_range(NumericSource<T>& source, T low, T high, NullAnswer null_answer) {
  if constexpr (!std::is_same_v<T, float>)
    if (auto* narrow = dynamic_cast<NarrowSource<T>*>(&source))
      return std::make_unique<NarrowRangeMatcher<T>>(*narrow, low, high, null_answer);
  return std::make_unique<RangeMatcher<T>>(source, low, high, null_answer);
}

template <class T>
std::unique_ptr<FilterMatcher> match_values(NumericSource<T>& source, std::vector<T> values, NullAnswer null_answer) {
  const std::vector<std::pair<T, T>> ranges = ranges_of(values);
  if (ranges.empty() || ranges.size() > kFewRanges)
    return std::make_unique<ValuesMatcher<T>>(source, values, null_answer);
  std::vector<std::unique_ptr<FilterMatcher>> matchers;
  for (const auto& [low, high] : ranges) matchers.push_back(match_range(source, low, high, null_answer));
  return matchers.size() == 1 ? std::move(matchers[0]) : std::make_unique<RangesMatcher>(std::move(matchers));
}

template <class T>
std::unique_ptr<FilterMatcher> match_predicate(NumericSource<T>& source, std::function<bool(T)> predicate,
                                               NullAnswer null_answer) {
  return std::make_unique<PredicateMatcher<T>>(source, std::move(predicate), null_answer);
}

#define INSTANTIATE(T)                                                                                         \
  template std::unique_ptr<FilterMatcher> match_range(NumericSource<T>&, T, T, NullAnswer);                    \
  template std::string text_of_number(T);                                                                      \
  template std::unique_ptr<FilterMatcher> match_distinct(NumericSource<T>&, std::function<Answer(T)>, Answer); \
  template std::unique_ptr<FilterMatcher> match_values(NumericSource<T>&, std::vector<T>, NullAnswer);         \
  template std::unique_ptr<FilterMatcher> match_predicate(NumericSource<T>&, std::function<bool(T)>, NullAnswer)
INSTANTIATE(std::int64_t);
INSTANTIATE(float);
INSTANTIATE(double);
#undef INSTANTIATE

template <>
std::optional<std::int64_t> number_of_text(std::string_view text) {
  return exact_long(text);
}
template <>
std::optional<float> number_of_text(std::string_view text) {
  return try_parse_float(text);
}
template <>
std::optional<double> number_of_text(std::string_view text) {
  return try_parse_double(text);
}

void refuse_arrays(const ColumnKind& kind, std::string_view column) {
  if (kind.type == storage::ValueType::kVariant)
    throw Error(ErrorCategory::kInvalidInput,
                "Predicate does not support ARRAY types: " + std::string(column) + " is " + kind.type_name());
}

}  // namespace sarsen::engine
