#pragma once
// Druid's histogram with buckets of equal width between two limits, which counts values outside as its mode says, and
// nulls. Not thread-safe.
//
// Bytes, big-endian: u8 1, u8 form, f64 lower limit, f64 upper limit, i32 buckets, u8 mode, i64 values, i64 lower and
// i64 upper outliers, i64 nulls, f64 max, f64 min; then of form 1 a count per bucket, of form 2 i32 entries and for
// each i32 bucket, i64 count.

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace sarsen::engine::sketch {

class FixedBucketsHistogram {
 public:
  static constexpr std::int64_t kBucketsDefault = 10;
  static constexpr std::int64_t kBucketsMax = 1'000'000;

  enum class Outliers : std::uint8_t { kIgnore = 0, kOverflow = 1, kClip = 2 };  // as bytes number them

  struct Scheme {
    double lower = 0;
    double upper = 1;
    std::uint32_t buckets = kBucketsDefault;
    Outliers outliers = Outliers::kIgnore;

    double width() const noexcept { return (upper - lower) / buckets; }
  };

  /// REQUIRES: lower < upper, 0 < buckets <= kBucketsMax.
  explicit FixedBucketsHistogram(const Scheme& scheme) : scheme_(scheme), counts_(scheme.buckets) {}

  /// Throws kRuntimeFailure.
  static FixedBucketsHistogram parse(std::span<const std::byte> bytes);

  void add(double value) noexcept;
  void add_missing() noexcept { ++missing_; }
  /// Where the schemes differ, this one's stays and the other's counts are spread evenly over its buckets.
  void combine(const FixedBucketsHistogram& other) noexcept;

  std::int64_t count() const noexcept { return count_; }
  double min() const noexcept { return min_; }
  double max() const noexcept { return max_; }
  /// REQUIRES: `percents` are ascending.
  std::vector<float> percentiles(const std::vector<double>& percents) const;

  std::string bytes() const;
  /// "{lowerLimit=0.0, upperLimit=…}", as Druid answers it.
  std::string text() const;

  /// All that it holds (sketch_fields.h).
  template <class Fields>
  void fields(Fields& each) {
    each(scheme_, counts_, count_, lower_outliers_, upper_outliers_, missing_, max_, min_);
  }
  template <class Fields>
  void fields(Fields& each) const {
    each(scheme_, counts_, count_, lower_outliers_, upper_outliers_, missing_, max_, min_);
  }

 private:
  friend class FixedBucketsHistogramImage;  // fixed_buckets_histogram_image.cc

  void add_outliers(std::int64_t lower, std::int64_t upper) noexcept;
  void combine_same(const FixedBucketsHistogram& other) noexcept;
  void combine_outliers(const FixedBucketsHistogram& other, double start, double end) noexcept;
  void combine_overlap(const FixedBucketsHistogram& other, double start, double end) noexcept;
  void take_extremes(const FixedBucketsHistogram& other, std::size_t bucket, double from, double to) noexcept;
  double count_below(double cut) const noexcept;
  double count_above(double cut) const noexcept;
  std::size_t bucket_of(double value) const noexcept;
  double start_of(std::size_t bucket) const noexcept {
    return static_cast<double>(bucket) * scheme_.width() + scheme_.lower;
  }

  Scheme scheme_;
  std::vector<std::int64_t> counts_;
  std::int64_t count_ = 0;  // without outliers
  std::int64_t lower_outliers_ = 0;
  std::int64_t upper_outliers_ = 0;
  std::int64_t missing_ = 0;
  double max_ = -std::numeric_limits<double>::infinity();
  double min_ = std::numeric_limits<double>::infinity();
};

}  // namespace sarsen::engine::sketch
