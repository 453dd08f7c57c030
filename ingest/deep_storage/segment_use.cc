#include "ingest/deep_storage/segment_use.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace sarsen::ingest {
namespace {

using storage::SegmentDescriptor;
using storage::SegmentId;

/// Stands for a segment where only the timeline's order is asked for.
class NotLoaded final : public storage::ServedSegment {
 public:
  std::vector<std::shared_ptr<const storage::Segment>> acquire() const override { return {}; }
};

void add_all(storage::Timeline& timeline, const std::vector<SegmentDescriptor>& segments,
             const std::string& data_source) {
  static const auto kNotLoaded = std::make_shared<NotLoaded>();
  for (const SegmentDescriptor& segment : segments)
    if (segment.id.data_source == data_source)
      timeline.add({.id = segment.id,
                    .core_partitions = segment.core_partitions,
                    .shard_spec = segment.shard_spec,
                    .segment = kNotLoaded});
}

std::vector<SegmentId> ids_of(const std::vector<SegmentDescriptor>& segments) {
  std::vector<SegmentId> ids;
  for (const SegmentDescriptor& segment : segments) ids.push_back(segment.id);
  return ids;
}

}  // namespace

bool SegmentFilter::wants(const SegmentId& id) const {
  return (!interval || interval->contains(id.interval)) && (!versions || versions->contains(id.version)) &&
         (!ids || ids->contains(id.text()));
}

std::size_t SegmentUse::mark_unused(const std::string& data_source, const SegmentFilter& filter) {
  std::vector<SegmentId> wanted;
  for (const SegmentDescriptor& segment : metadata_.used_segments())
    if (segment.id.data_source == data_source && filter.wants(segment.id)) wanted.push_back(segment.id);
  const std::size_t changed = metadata_.mark_unused(wanted);
  served_.drop(wanted);
  return changed;
}

std::size_t SegmentUse::mark_used(const std::string& data_source, const SegmentFilter& filter, bool even_hidden) {
  std::vector<SegmentDescriptor> wanted;
  for (UnusedSegment& segment : metadata_.unused_segments(data_source, kEternity))
    if (filter.wants(segment.descriptor.id)) wanted.push_back(std::move(segment.descriptor));
  if (!even_hidden) {
    storage::Timeline timeline;
    add_all(timeline, metadata_.used_segments(), data_source);
    add_all(timeline, wanted, data_source);
    const std::vector<SegmentId> hidden = hidden_segments(timeline);
    std::erase_if(wanted, [&](const SegmentDescriptor& segment) {
      return std::find(hidden.begin(), hidden.end(), segment.id) != hidden.end();
    });
  }
  const std::size_t changed = metadata_.mark_used(ids_of(wanted));
  try {
    served_.serve(wanted);
  } catch (...) {
    metadata_.mark_unused(ids_of(wanted));
    throw;
  }
  return changed;
}

}  // namespace sarsen::ingest
