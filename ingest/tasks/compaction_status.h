#pragma once
// Whether segments are what automatic compaction makes of them, by what their descriptors say: the checks of Druid's
// CompactionStatus, in its order. Pure functions.

#include <optional>
#include <string>
#include <vector>

#include "ingest/tasks/compaction_config.h"
#include "storage/segment/segment_descriptor.h"

namespace sarsen::ingest {

/// Why the segments of a chunk are to be compacted; nullopt where they need not be. REQUIRES: there are some.
std::optional<std::string> reason_to_compact(const DataSourceCompaction& compaction,
                                             const std::vector<const storage::SegmentDescriptor*>& segments);

}  // namespace sarsen::ingest
