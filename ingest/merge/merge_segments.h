#pragma once
// Merges segments, stored or live, into one: what compaction, conversion between formats and the end of a realtime sink
// come down to. The order of rows, dimensions, metrics and metadata are those of Druid's IndexMerger. In memory at a
// time are two bytes a row, four bytes per dictionary value of every segment, and one column.
//
// Thread safety: any number of merges at a time, into different directories.

#include <filesystem>
#include <memory>
#include <vector>

#include "ingest/merge/merge_options.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {

/// Writes the new directory `directory`, which appears whole or not at all. Throws kInvalidInput where there are no
/// segments or no rows, columns' types differ, or rollup is wanted of metrics whose aggregator is not known;
/// kUnsupported for columns that cannot be written; kRuntimeFailure for corrupt segments and where the disk refuses.
MergeReport merge_segments(const std::vector<std::shared_ptr<const storage::Segment>>& segments,
                           const MergeOptions& options, const std::filesystem::path& directory);

/// Whether a merge would have rows.
bool any_rows(const std::vector<std::shared_ptr<const storage::Segment>>& segments, const MergeOptions& options);

}  // namespace sarsen::ingest
