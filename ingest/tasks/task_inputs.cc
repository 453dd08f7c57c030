#include "ingest/tasks/task_inputs.h"

#include <utility>
#include <vector>

#include "ingest/deep_storage/fetched_segment.h"

namespace sarsen::ingest {
namespace {

using storage::Timeline;

Timeline served_timeline(const storage::Catalog& catalog, const std::string& data_source) {
  const auto timelines = catalog.snapshot();
  const auto found = timelines->find(data_source);
  return found == timelines->end() ? Timeline() : *found->second;
}

bool is_served(const Timeline& timeline, const storage::SegmentId& id) {
  const auto found = timeline.entries().find(id);
  return found != timeline.entries().end() && !found->second.segment->is_realtime();
}

}  // namespace

std::shared_ptr<const Timeline> input_timeline(const InputPlaces& places, const std::string& data_source,
                                               const std::set<std::string>& left_out) {
  const auto inputs = std::make_shared<Timeline>(served_timeline(places.catalog, data_source));
  for (storage::SegmentDescriptor& segment : places.metadata.used_segments()) {
    if (segment.id.data_source != data_source || is_served(*inputs, segment.id)) continue;
    storage::TimelineEntry entry{segment.id, segment.core_partitions, segment.shard_spec, nullptr};
    entry.segment = std::make_shared<FetchedSegment>(places.deep_storage, places.scratch, std::move(segment));
    inputs->add(std::move(entry));
  }
  std::vector<storage::SegmentId> excluded;
  for (const auto& [id, entry] : inputs->entries())
    if (left_out.contains(id.text())) excluded.push_back(id);
  for (const storage::SegmentId& id : excluded) inputs->remove(id);
  return inputs;
}

}  // namespace sarsen::ingest
