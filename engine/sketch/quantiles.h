#pragma once
// Quantiles sketches of doubles, as DataSketches' DoublesSketch: 2k values as they came, and levels of k sorted values,
// each of which stands for twice as many as those a level below. Exact below 2k values; beyond, half of the values are
// dropped at each carry, beginning with the first or the second one.
//
// Java tosses a coin for that. Here the toss is a function of the sketch's own history, so that the same input gives
// the same bytes each time; the error stays as published, because the tosses are as unrelated to the values as random
// ones. Not thread-safe.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/sketch/sorted_view.h"

namespace sarsen::engine::sketch {

class Quantiles {
 public:
  static constexpr std::uint32_t kKMin = 2;
  static constexpr std::uint32_t kKMax = 32768;

  /// REQUIRES: a power of two, kKMin to kKMax.
  explicit Quantiles(std::uint32_t k) noexcept : k_(k) {}

  /// Reads compact and updatable images, serial versions 2 and 3. Throws kRuntimeFailure.
  static Quantiles parse(std::span<const std::byte> bytes);

  /// NaN counts as no value.
  void update(double value);
  /// The result has the smaller k of the two where `other` is beyond its exact size, this one's k elsewhere.
  void merge(const Quantiles& other);

  std::uint32_t k() const noexcept { return k_; }
  std::uint64_t n() const noexcept { return n_; }
  bool empty() const noexcept { return n_ == 0; }

  // NaN when empty.
  double min() const noexcept;
  double max() const noexcept;
  /// The smallest value whose rank is at least `fraction` (0 to 1). REQUIRES: 0 <= fraction <= 1.
  double quantile(double fraction) const;
  /// The part of all values that are at most `value`.
  double rank(double value) const;

  SortedView<double> sorted() const { return SortedView<double>(weighted()); }

  /// Compact and ordered, as Druid stores it.
  std::string bytes() const;
  /// What Java prints as the summary of such a sketch.
  std::string summary() const;

  /// All that it holds (sketch_fields.h).
  template <class Fields>
  void fields(Fields& each) {
    each(k_, n_, min_, max_, tosses_, base_, levels_);
  }
  template <class Fields>
  void fields(Fields& each) const {
    each(k_, n_, min_, max_, tosses_, base_, levels_);
  }

 private:
  using Values = std::vector<double>;

  bool exact() const noexcept { return n_ < 2ULL * k_; }
  bool toss() noexcept;
  Values every_second(const Values& values);
  /// Adds `values` (k of them, sorted) at `level`, merging upwards while levels are taken.
  void carry(Values values, std::size_t level);
  void merge_levels(const Quantiles& other);
  void widen(const Quantiles& other) noexcept;
  std::vector<std::pair<double, std::uint64_t>> weighted() const;

  std::uint32_t k_;
  std::uint64_t n_ = 0;
  double min_ = 0;
  double max_ = 0;
  std::uint64_t tosses_ = 0;
  Values base_;                 // fewer than 2k, as they came
  std::vector<Values> levels_;  // empty or k sorted values
};

}  // namespace sarsen::engine::sketch
