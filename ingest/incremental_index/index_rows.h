#pragma once
// What a growing index holds, and what of it is published: shared by the index, which appends, and its snapshots, which
// read. A snapshot lives on when its index has gone.
//
// Thread safety: one writer. Times and dimensions: a reader uses the prefix that its Published names, without locks
// (growing_array.h). States of metrics change under `states_mutex`, for published rows too; it guards what stands below
// it.

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/aggregator/aggregator_set.h"
#include "ingest/incremental_index/live_dimension.h"
#include "ingest/incremental_index/metric_copies.h"
#include "ingest/row/data_schema.h"
#include "storage/base/interval.h"
#include "storage/growing/growing_array.h"

namespace sarsen::ingest {

struct IndexRows {
  IndexRows(std::shared_ptr<const DataSchema> data_schema, Interval segment_interval)
      : schema(std::move(data_schema)),
        interval(segment_interval),
        metrics(schema->metrics),
        states(metrics),
        copies(metrics.size()) {}

  const std::shared_ptr<const DataSchema> schema;
  const Interval interval;  // of the segment
  const engine::AggregatorSet metrics;

  storage::GrowingArray<std::int64_t> times_ms;
  std::vector<std::unique_ptr<LiveDimension>> dimensions;  // the vector itself is the writer's

  mutable std::mutex states_mutex;
  engine::StateRows states;
  BlockChanges changes;
  mutable std::vector<CopiedBlocks> copies;  // by metric
};

/// A prefix of the rows that readers may use.
struct Published {
  std::uint32_t row_count = 0;
  std::uint64_t version = 0;  // grows with every change, of metrics too
  std::int64_t min_time_ms = 0;
  std::int64_t max_time_ms = 0;
  bool sorted_by_time = true;
  std::vector<PublishedDimension> dimensions;
};

}  // namespace sarsen::ingest
