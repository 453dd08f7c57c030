#include <algorithm>

#include "ingest/metadata/supervisor_store.h"

namespace sarsen::ingest {
namespace {

bool overlap(const Interval& left, const Interval& right) noexcept {
  return left.start_ms < right.end_ms && right.start_ms < left.end_ms;
}

/// Of the segments whose interval holds the time, one of the greatest version; null where there is none.
const ChunkSegment* newest_at(const std::vector<ChunkSegment>& segments, std::int64_t time_ms) {
  const ChunkSegment* newest = nullptr;
  for (const ChunkSegment& segment : segments)
    if (segment.id.interval.contains(time_ms) && (newest == nullptr || newest->id.version < segment.id.version))
      newest = &segment;
  return newest;
}

/// The segment after all of the chunk.
AllocatedSegment next_in(const ChunkSegment& chunk, const std::vector<ChunkSegment>& used,
                         const std::vector<ChunkSegment>& pending) {
  AllocatedSegment next{chunk.id, chunk.core_partitions};
  for (const auto* segments : {&used, &pending})
    for (const ChunkSegment& segment : *segments)
      if (segment.id.interval == chunk.id.interval && segment.id.version == chunk.id.version)
        next.id.partition = std::max(next.id.partition, segment.id.partition);
  ++next.id.partition;
  return next;
}

bool cuts(const Interval& interval, const std::vector<ChunkSegment>& segments) {
  return std::any_of(segments.begin(), segments.end(), [&](const ChunkSegment& segment) {
    return overlap(segment.id.interval, interval) && segment.id.interval != interval;
  });
}

}  // namespace

std::optional<AllocatedSegment> choose_segment(const AllocationRequest& request, const std::vector<ChunkSegment>& used,
                                               const std::vector<ChunkSegment>& pending) {
  if (const ChunkSegment* chunk = newest_at(used, request.time_ms)) return next_in(*chunk, used, pending);
  for (const Interval& interval : request.intervals) {
    if (!interval.contains(request.time_ms) || cuts(interval, used) || cuts(interval, pending)) continue;
    if (const ChunkSegment* chunk = newest_at(pending, request.time_ms)) return next_in(*chunk, used, pending);
    return AllocatedSegment{
        {.data_source = request.data_source, .interval = interval, .version = request.version, .partition = 0}, 0};
  }
  return std::nullopt;
}

}  // namespace sarsen::ingest
