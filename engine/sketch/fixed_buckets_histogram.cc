#include "engine/sketch/fixed_buckets_histogram.h"

#include <algorithm>
#include <cmath>

namespace sarsen::engine::sketch {
namespace {

std::int64_t rounded(double value) noexcept { return static_cast<std::int64_t>(std::floor(value + 0.5)); }

}  // namespace

/// The bucket that `value`, which is not below the lower limit, belongs to; the last one for all above.
std::size_t FixedBucketsHistogram::bucket_of(double value) const noexcept {
  const double bucket = (value - scheme_.lower) / scheme_.width();
  if (!(bucket > 0)) return 0;  // NaN too
  return static_cast<std::size_t>(std::min(bucket, static_cast<double>(scheme_.buckets - 1)));
}

void FixedBucketsHistogram::add(double value) noexcept {
  if (value < scheme_.lower) return add_outliers(1, 0);
  if (value >= scheme_.upper) return add_outliers(0, 1);
  ++count_;
  if (value > max_) max_ = value;
  if (value < min_) min_ = value;
  ++counts_[bucket_of(value)];
}

void FixedBucketsHistogram::add_outliers(std::int64_t lower, std::int64_t upper) noexcept {
  if (scheme_.outliers == Outliers::kIgnore) return;
  if (scheme_.outliers == Outliers::kOverflow) {
    lower_outliers_ += lower;
    upper_outliers_ += upper;
    return;
  }
  counts_.front() += lower;
  counts_.back() += upper;
  count_ += lower + upper;
  if (lower > 0) min_ = std::min(min_, scheme_.lower);
  if (upper > 0) max_ = std::max(max_, scheme_.upper);
  // A clipped value is both the least and the greatest until there are others.
  if (lower > 0 && max_ < scheme_.lower) max_ = scheme_.lower;
  if (upper > 0 && min_ > scheme_.upper) min_ = scheme_.upper;
}

void FixedBucketsHistogram::combine(const FixedBucketsHistogram& other) noexcept {
  missing_ += other.missing_;
  const bool same = scheme_.width() == other.scheme_.width() && scheme_.lower == other.scheme_.lower &&
                    scheme_.upper == other.scheme_.upper && counts_.size() == other.counts_.size();
  if (same) return combine_same(other);
  // Outliers on the far side are forgotten: nobody knows where in this histogram they would be.
  if (other.scheme_.lower >= scheme_.upper) return add_outliers(0, other.count_ + other.upper_outliers_);
  if (other.scheme_.upper <= scheme_.lower) return add_outliers(other.count_ + other.lower_outliers_, 0);
  const double start = std::max(scheme_.lower, other.scheme_.lower);
  const double end = std::min(scheme_.upper, other.scheme_.upper);
  combine_outliers(other, start, end);
  combine_overlap(other, start, end);
}

void FixedBucketsHistogram::combine_same(const FixedBucketsHistogram& other) noexcept {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
  min_ = std::min(min_, other.min_);
  add_outliers(other.lower_outliers_, other.upper_outliers_);
}

double FixedBucketsHistogram::count_below(double cut) const noexcept {
  const auto bucket = static_cast<std::size_t>((cut - scheme_.lower) / scheme_.width());
  double count = 0;
  for (std::size_t i = 0; i < std::min(bucket, counts_.size()); ++i) count += static_cast<double>(counts_[i]);
  if (bucket < counts_.size())
    count += (cut - start_of(bucket)) / scheme_.width() * static_cast<double>(counts_[bucket]);
  return count;
}

double FixedBucketsHistogram::count_above(double cut) const noexcept {
  const auto bucket = static_cast<std::size_t>((cut - scheme_.lower) / scheme_.width());
  double count = 0;
  if (bucket < counts_.size())
    count += (start_of(bucket + 1) - cut) / scheme_.width() * static_cast<double>(counts_[bucket]);
  for (std::size_t i = bucket + 1; i < counts_.size(); ++i) count += static_cast<double>(counts_[i]);
  return count;
}

/// The other's outliers, and what of its buckets lies outside [start, end).
void FixedBucketsHistogram::combine_outliers(const FixedBucketsHistogram& other, double start, double end) noexcept {
  if (scheme_.outliers == Outliers::kIgnore) return;
  const bool cut_below = scheme_.lower == start;
  const bool cut_above = scheme_.upper == end;
  const std::int64_t below = other.lower_outliers_ + (cut_below ? rounded(other.count_below(start)) : 0);
  const std::int64_t above = other.upper_outliers_ + (cut_above ? rounded(other.count_above(end)) : 0);
  add_outliers(below, above);
  if (scheme_.outliers != Outliers::kClip || cut_below || cut_above || other.count_ == 0) return;
  if (other.upper_outliers_ == 0) max_ = std::max(max_, other.max_);
  if (other.lower_outliers_ == 0) min_ = std::min(min_, other.min_);
}

/// Extremes of the values between `from` and `to` of the other's bucket, were they spread evenly over it.
void FixedBucketsHistogram::take_extremes(const FixedBucketsHistogram& other, std::size_t bucket, double from,
                                          double to) noexcept {
  const double stride = other.scheme_.width() / static_cast<double>(other.counts_[bucket]);
  const double start = other.start_of(bucket);
  const double first = std::ceil((from - start) / stride) * stride + start;
  if (first >= from) {
    min_ = std::min(first, min_);
    max_ = std::max(first, max_);
  }
  const double last = std::floor((to - start) / stride) * stride + start;
  if (last < to) {
    max_ = std::max(last, max_);
    min_ = std::min(last, min_);
  }
}

/// Walks over the boundaries of both schemes: each piece between two of them takes its share of the other's bucket.
void FixedBucketsHistogram::combine_overlap(const FixedBucketsHistogram& other, double start, double end) noexcept {
  const double their_width = other.scheme_.width();
  auto mine = static_cast<std::size_t>((start - scheme_.lower) / scheme_.width());
  auto theirs = static_cast<std::size_t>((start - other.scheme_.lower) / their_width);
  double cursor = start;
  while (cursor < end && mine < counts_.size() && theirs < other.counts_.size()) {
    const double my_end = std::min(start_of(mine + 1), end);
    const double their_end = std::min(other.start_of(theirs + 1), end);
    const double next = std::min(my_end, their_end);
    const std::int64_t share = rounded(static_cast<double>(other.counts_[theirs]) * ((next - cursor) / their_width));
    if (share > 0) take_extremes(other, theirs, cursor, next);
    counts_[mine] += share;
    count_ += share;
    if (next >= my_end) ++mine;
    if (next >= their_end) ++theirs;
    cursor = std::max(cursor, next);
  }
}

std::vector<float> FixedBucketsHistogram::percentiles(const std::vector<double>& percents) const {
  std::vector<float> values(percents.size());
  std::size_t next = 0;
  std::int64_t seen = 0;
  double percent_before = 0;
  double edge_before = scheme_.lower;
  for (std::size_t i = 0; i < counts_.size() && next < percents.size(); ++i) {
    seen += counts_[i];
    const double percent = 100.0 * static_cast<double>(seen) / static_cast<double>(count_);
    const double edge = start_of(i + 1);
    for (; next < percents.size() && percent >= percents[next]; ++next) {
      const double part = (percents[next] - percent_before) / (percent - percent_before);
      values[next] = static_cast<float>(part * (edge - edge_before) + edge_before);
    }
    percent_before = percent;
    edge_before = edge;
  }
  return values;
}

}  // namespace sarsen::engine::sketch
