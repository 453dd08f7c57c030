#pragma once
// The last step of a sink that takes no more rows: its hydrants become one segment in deep storage.

#include <filesystem>
#include <functional>

#include "ingest/deep_storage/deep_storage.h"
#include "ingest/realtime/sink.h"
#include "ingest/row/data_schema.h"
#include "storage/column/index_spec.h"

namespace sarsen::ingest {

struct MergedSegmentOptions {
  const DataSchema& schema;
  const storage::IndexSpec& index_spec;
  Json shard_spec;
  std::uint32_t core_partitions = 0;
  std::function<void()> check_stopping;  // may throw
};

/// Merges the hydrants into the folder `merged`, which is made anew, and pushes it. REQUIRES: nothing of the sink is
/// live, and it has a row.
storage::SegmentDescriptor push_merged(const Sink& sink, const MergedSegmentOptions& options,
                                       const std::filesystem::path& merged, DeepStorage& deep_storage);

}  // namespace sarsen::ingest
