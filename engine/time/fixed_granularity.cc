#include "engine/time/fixed_granularity.h"

#include <limits>
#include <utility>

#include "storage/base/check.h"
#include "storage/base/civil_time.h"

namespace sarsen::engine {

FixedGranularity::FixedGranularity(std::int64_t length_ms, std::int64_t origin_ms, BeforeOrigin before_origin,
                                   Json json)
    : length_ms_(length_ms),
      // kHours asks on which side of 1970 the origin lies; for the others only its place in a bucket counts.
      origin_ms_(before_origin == BeforeOrigin::kHours ? origin_ms : origin_ms % length_ms),
      before_origin_(before_origin),
      json_(std::move(json)) {
  DCHECK(length_ms > 0);
}

std::int64_t FixedGranularity::bucket_start(std::int64_t time_ms) const {
  if (before_origin_ == BeforeOrigin::kHours) return start_by_hours(time_ms);
  std::int64_t passed_ms = time_ms % length_ms_ - origin_ms_;
  if (passed_ms < 0) passed_ms += length_ms_;
  if (before_origin_ == BeforeOrigin::kFloor) {
    if (passed_ms < 0) passed_ms += length_ms_;
    if (passed_ms >= length_ms_) passed_ms -= length_ms_;
  }
  return wrapping_subtract(time_ms, passed_ms);
}

std::int64_t FixedGranularity::start_by_hours(std::int64_t time_ms) const {
  const std::int64_t start_ms =
      wrapping_subtract(time_ms, wrapping_subtract(time_ms, origin_ms_) % length_ms_);  // towards the origin
  if (time_ms < start_ms && origin_ms_ > 0) return wrapping_subtract(start_ms, length_ms_);
  if (time_ms > start_ms && origin_ms_ < 0) return wrapping_subtract(start_ms, floor_remainder(start_ms, kHourMs));
  return start_ms;
}

std::int64_t FixedGranularity::next_bucket(std::int64_t bucket_start_ms) const {
  std::int64_t next_ms = 0;
  const bool overflow = __builtin_add_overflow(bucket_start_ms, length_ms_, &next_ms);
  return overflow ? std::numeric_limits<std::int64_t>::max() : next_ms;
}

}  // namespace sarsen::engine
