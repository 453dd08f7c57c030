#include "ingest/tasks/replaced_chunks.h"

#include <algorithm>

namespace sarsen::ingest {
namespace {

using storage::SegmentId;
using storage::Timeline;

std::shared_ptr<const Timeline> timeline_of(const TaskServices& services, const std::string& data_source) {
  const auto timelines = services.catalog.snapshot();
  const auto found = timelines->find(data_source);
  return found == timelines->end() ? std::make_shared<const Timeline>() : found->second;
}

bool overlaps_any(const Interval& interval, const std::vector<Interval>& chunks) {
  return std::any_of(chunks.begin(), chunks.end(), [&](const Interval& chunk) { return chunk.overlaps(interval); });
}

/// Or is published already, and served as that in a moment.
bool is_upgraded(const TaskServices& services, const ConcurrentTasks& tasks, const SegmentId& id) {
  const auto allocator = services.storage.allocator_of(id);
  return allocator ? tasks.appending.contains(*allocator) : services.metadata.find(id).has_value();
}

}  // namespace

std::optional<SegmentId> segment_in_the_way(const TaskServices& services, const std::string& data_source,
                                            const std::vector<Interval>& chunks, TaskLockType type) {
  const auto timeline = timeline_of(services, data_source);
  const ConcurrentTasks tasks = services.locks.concurrent(data_source);
  for (const auto& [id, entry] : timeline->entries())
    if (entry.segment->is_realtime() && overlaps_any(id.interval, chunks) &&
        !(type == TaskLockType::kReplace && is_upgraded(services, tasks, id)))
      return id;
  return std::nullopt;
}

}  // namespace sarsen::ingest
