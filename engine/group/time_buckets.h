#pragma once
// The buckets of a granularity that one cursor meets, numbered in that order, and which of them each selected row is
// in. Where times ascend, whole vectors lie in one bucket and no row is looked at; nowhere is date arithmetic done for
// a row whose bucket is the one before's.

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

#include "engine/time/granularity.h"
#include "engine/vector/selection.h"

namespace sarsen::engine {

class TimeBuckets {
 public:
  /// `sorted`: times ascend with the row number.
  TimeBuckets(const Granularity& granularity, bool sorted) : granularity_(granularity), sorted_(sorted) {}

  /// Writes the bucket of the i-th selected row to buckets[i] and returns false; or, where all are in one bucket,
  /// writes only buckets[0] and returns true. REQUIRES: selection.count > 0; the granularity is not `all`.
  bool assign(const std::int64_t* times_ms, const Selection& selection, std::uint32_t* buckets);

  /// The number of the bucket of a time.
  std::uint32_t bucket_of(std::int64_t time_ms);

  /// The first row from `row` on whose time is beyond the bucket that was asked for last; `size`: none is. REQUIRES:
  /// times ascend.
  std::uint32_t run_end(const std::int64_t* times_ms, std::uint32_t row, std::uint32_t size) const noexcept;

  /// Whether a time is in the bucket that was asked for last.
  bool in_current(std::int64_t time_ms) const noexcept {
    return current_start_ms_ <= time_ms && time_ms < current_end_ms_;
  }

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(starts_ms_.size()); }
  std::int64_t start_ms(std::uint32_t bucket) const noexcept { return starts_ms_[bucket]; }

 private:
  void enter(std::int64_t time_ms);

  const Granularity& granularity_;
  bool sorted_;
  std::vector<std::int64_t> starts_ms_;
  boost::unordered_flat_map<std::int64_t, std::uint32_t> by_start_;
  std::int64_t current_start_ms_ = 0;
  std::int64_t current_end_ms_ = 0;  // empty: no bucket yet
  std::uint32_t current_ = 0;
};

}  // namespace sarsen::engine
