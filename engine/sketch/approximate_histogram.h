#pragma once
// Druid's approximate histogram, after Ben-Haim and Tom-Tov: at most `size` bins, each a position and a count. A value
// that finds no free bin is merged into a near one, or makes the two nearest bins one. A bin that was merged is marked
// as approximate. Everything is computed in the 32-bit floats and in the order in which Druid computes. Not
// thread-safe.
//
// Bytes, big-endian. Compact: i16 -size, i8 -n of approximate values where there are any, these, f32 min, f32 max; i8 n
// of exact values, these. Sparse: i32 size, i32 -bins, positions, counts (i64, the top bit marks approximate ones), f32
// min, f32 max. Dense: the same with bins not negated and `size` of each.

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace sarsen::engine::sketch {

class ApproximateHistogram {
 public:
  static constexpr std::uint32_t kSizeDefault = 50;
  static constexpr std::uint32_t kSizeMax = (1u << 24) - 1;  // beyond, bytes could be taken for other histograms
  static constexpr std::uint32_t kBreaksMax = 1'000'000;

  struct Limits {
    float lower = -std::numeric_limits<float>::infinity();
    float upper = std::numeric_limits<float>::infinity();
  };

  /// REQUIRES: 0 < size <= kSizeMax. Beyond the limits, bins that are folded in become one.
  explicit ApproximateHistogram(std::uint32_t size) : ApproximateHistogram(size, Limits()) {}
  ApproximateHistogram(std::uint32_t size, Limits limits) noexcept : size_(size), limits_(limits) {}

  /// Throws kRuntimeFailure.
  static ApproximateHistogram parse(std::span<const std::byte> bytes);

  void offer(float value);
  void fold(const ApproximateHistogram& other);

  std::uint64_t count() const noexcept { return count_; }
  float min() const noexcept { return min_; }  // infinite while empty
  float max() const noexcept { return max_; }

  /// About how many values are at most `limit`.
  double sum(float limit) const noexcept;
  /// About how many values are between each two neighbours of `breaks`, as 32-bit floats.
  std::vector<double> counts_between(const std::vector<float>& breaks) const;
  /// count + 1 breaks, of which the first lies below all values. REQUIRES: count > 1.
  std::vector<float> equal_breaks(std::uint32_t count) const;
  /// Multiples of `width` plus `offset` around all values, without empty buckets. Throws kInvalidInput where there are
  /// none, kResourceLimit for more than kBreaksMax.
  std::vector<float> breaks_of_width(float width, float offset) const;
  /// NaN while empty. REQUIRES: 0 < probability < 1.
  float quantile(float probability) const;

  std::string bytes() const;

  /// All that it holds (sketch_fields.h).
  template <class Fields>
  void fields(Fields& each) {
    each(size_, limits_, bins_, min_, max_, count_);
  }
  template <class Fields>
  void fields(Fields& each) const {
    each(size_, limits_, bins_, min_, max_, count_);
  }

 private:
  static constexpr std::uint64_t kApproximate = std::uint64_t{1} << 63;

  struct Bin {
    float position = 0;
    std::uint64_t marked = 0;  // count, and kApproximate

    std::uint64_t count() const noexcept { return marked & ~kApproximate; }
    bool exact() const noexcept { return (marked & kApproximate) == 0; }
  };
  using Bins = std::vector<Bin>;

  std::size_t place_of(float value) const noexcept;
  void merge_in(std::size_t place, float value);
  std::ptrdiff_t closest_pair() const noexcept;
  float cutoff() const noexcept;
  static void absorb(Bin& bin, float position, std::uint64_t count) noexcept;
  static Bins combined(const Bins& left, const Bins& right);
  Bins combined_by_rule(const Bins& left, const Bins& right) const;
  std::uint64_t exact_count() const noexcept;

  friend class ApproximateHistogramImage;  // approximate_histogram_image.cc

  std::uint32_t size_;
  Limits limits_;
  Bins bins_;  // ascending
  float min_ = std::numeric_limits<float>::infinity();
  float max_ = -std::numeric_limits<float>::infinity();
  std::uint64_t count_ = 0;
};

}  // namespace sarsen::engine::sketch
