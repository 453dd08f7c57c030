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

/// Of what is used, without the segments themselves.
Timeline published_timeline(const MetadataStore& metadata, const std::string& data_source) {
  Timeline timeline;
  for (const storage::SegmentDescriptor& segment : metadata.used_segments())
    if (segment.id.data_source == data_source)
      timeline.add({segment.id, segment.core_partitions, segment.shard_spec, nullptr});
  return timeline;
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

std::optional<SegmentId> input_not_served(const TaskServices& services, const std::string& data_source,
                                          const std::vector<Interval>& chunks, const std::string& task_id) {
  const Timeline published = published_timeline(services.metadata, data_source);
  const std::set<std::string> appended = services.metadata.appended_meanwhile(task_id);
  const auto served = timeline_of(services, data_source);
  for (const Interval& chunk : chunks)
    for (const storage::TimelineHit& hit : published.lookup(chunk)) {
      const auto found = served->entries().find(hit.entry->id);
      const bool is_served = found != served->entries().end() && !found->second.segment->is_realtime();
      if (!is_served && !appended.contains(hit.entry->id.text())) return hit.entry->id;
    }
  return std::nullopt;
}

}  // namespace sarsen::ingest
