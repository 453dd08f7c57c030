#pragma once
// Buckets of one length in milliseconds: durations, and periods whose units have a fixed length in UTC. The fast path:
// one remainder per time.

#include <cstdint>

#include "engine/time/granularity.h"
#include "storage/base/json.h"

namespace sarsen::engine {

/// Where the buckets of times before the origin start. Druid's three ways to count agree on all later times.
enum class BeforeOrigin : std::uint8_t {
  kFloor,      // at or before the time
  kRemainder,  // t % length - origin % length, with truncated remainders: perhaps after a time before 1970
  kHours,      // as kFloor for origins after 1970; at 1970 up to a whole bucket late; before 1970 cut to the hour
};

class FixedGranularity : public Granularity {
 public:
  /// REQUIRES: length_ms > 0.
  FixedGranularity(std::int64_t length_ms, std::int64_t origin_ms, BeforeOrigin before_origin, Json json);

  std::int64_t bucket_start(std::int64_t time_ms) const override;
  std::int64_t next_bucket(std::int64_t bucket_start_ms) const override;
  Json to_json() const override { return json_; }

 private:
  std::int64_t start_by_hours(std::int64_t time_ms) const;

  std::int64_t length_ms_;
  std::int64_t origin_ms_;
  BeforeOrigin before_origin_;
  Json json_;
};

}  // namespace sarsen::engine
