#pragma once
// How time is cut into segments, and rows' times are truncated: Druid's granularitySpec, uniform and arbitrary.
// Immutable; thread-safe.

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/time/granularity.h"
#include "storage/base/interval.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

class GranularitySpec {
 public:
  /// Absent: uniform, segments of a DAY, times as they are, rollup. Throws kInvalidInput naming the field.
  static GranularitySpec parse(const JsonField& json);

  /// The interval of the segment that a row of this time belongs to; nullopt where the type is arbitrary and no
  /// interval has it.
  std::optional<Interval> segment_interval(std::int64_t time_ms) const;

  /// The time that is stored, in a segment that begins at `segment_start_ms`.
  std::int64_t row_time(std::int64_t time_ms, std::int64_t segment_start_ms) const;

  /// False where `intervals` are given and none holds the time. Batch ingestion throws such rows away; streaming does
  /// not ask.
  bool wants(std::int64_t time_ms) const;

  const engine::Granularity& query_granularity() const noexcept { return *query_; }
  bool rollup() const noexcept { return rollup_; }
  const std::vector<Interval>& intervals() const noexcept { return intervals_; }  // ascending, merged where they touch

 private:
  std::shared_ptr<const engine::Granularity> segment_;  // null: arbitrary
  std::shared_ptr<const engine::Granularity> query_;
  bool rollup_ = true;
  std::vector<Interval> intervals_;
};

}  // namespace sarsen::ingest
