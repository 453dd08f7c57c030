#include "engine/query/query_priority.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "engine/query/query_segments.h"

namespace sarsen::engine {
namespace {

bool begins_before(const Query& query, std::int64_t age_ms) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t limit_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count() - age_ms;
  const auto& intervals = query.intervals();
  return std::any_of(intervals.begin(), intervals.end(),
                     [&](const Interval& interval) { return interval.start_ms < limit_ms; });
}

/// As a floating number: eternity is as long as 64 bits count.
template <class Intervals>
double duration_ms(const Intervals& intervals) {
  double sum = 0;
  for (const Interval& interval : intervals)
    sum += static_cast<double>(interval.end_ms) - static_cast<double>(interval.start_ms);
  return sum;
}

bool reads_much(const Query& query, const storage::Catalog::Timelines& timelines,
                const PriorityThresholds& thresholds) {
  if (!thresholds.segments && !thresholds.segment_range_ms) return false;
  std::int64_t segments = 0;
  double range_ms = 0;
  for (const storage::Timeline* table : base_tables(query, timelines)) {
    std::set<Interval> intervals;
    for (const storage::TimelineHit& hit : timeline_hits(query, *table)) {
      ++segments;
      intervals.insert(hit.interval);  // partitions of one interval count once
    }
    range_ms = std::max(range_ms, duration_ms(intervals));
  }
  return (thresholds.segments && segments > *thresholds.segments) ||
         (thresholds.segment_range_ms && range_ms > static_cast<double>(*thresholds.segment_range_ms));
}

}  // namespace

std::int64_t priority_of(const Query& query, const storage::Catalog::Timelines& timelines,
                         const PriorityThresholds& thresholds) {
  const std::int64_t priority = query.context().priority();
  const bool is_late =
      (thresholds.period_ms && begins_before(query, *thresholds.period_ms)) ||
      (thresholds.duration_ms && duration_ms(query.intervals()) > static_cast<double>(*thresholds.duration_ms)) ||
      reads_much(query, timelines, thresholds);
  return is_late ? priority - thresholds.adjustment : priority;
}

}  // namespace sarsen::engine
