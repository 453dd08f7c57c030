#include "ingest/deep_storage/published_segments.h"

#include <map>
#include <string>
#include <vector>

#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

storage::TimelineEntry entry_of(const storage::SegmentDescriptor& segment, SegmentCache& cache) {
  return {.id = segment.id,
          .core_partitions = segment.core_partitions,
          .shard_spec = segment.shard_spec,
          .segment = std::make_shared<storage::ImmutableServedSegment>(cache.load(segment))};
}

bool serve(const storage::SegmentDescriptor& segment, SegmentCache& cache, storage::Timeline& timeline) {
  try {
    timeline.add(entry_of(segment, cache));
    return true;
  } catch (const std::exception& error) {
    log_error("Segment[{}] is published but cannot be served, and its rows are missing from answers: {}",
              segment.id.text(), error.what());
    return false;
  }
}

}  // namespace

std::size_t serve_published_segments(const MetadataStore& metadata, SegmentCache& cache, storage::Catalog& catalog) {
  std::map<std::string, std::vector<storage::SegmentDescriptor>> by_source;
  for (storage::SegmentDescriptor& segment : metadata.used_segments())
    by_source[segment.id.data_source].push_back(std::move(segment));
  std::size_t count = 0;
  for (const auto& [source, segments] : by_source)
    catalog.update(source, [&](storage::Timeline& timeline) {
      for (const storage::SegmentDescriptor& segment : segments) count += serve(segment, cache, timeline) ? 1 : 0;
    });
  return count;
}

}  // namespace sarsen::ingest
