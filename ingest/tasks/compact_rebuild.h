#pragma once
// The rows of a chunk written again as ingestion writes rows: for partitions that go by their values, dimensions of
// other types than they have, and metrics that only ingestion can make. They go through the partitioner and the builder
// of batch tasks, so that they come to the same partitions. Not thread-safe.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ingest/batch/partitioner.h"
#include "ingest/batch/segment_output.h"
#include "ingest/row/row_counts.h"
#include "ingest/tasks/compact_spec.h"

namespace sarsen::ingest {

/// What the rows become.
struct RebuiltShape {
  std::vector<DimensionSchema> dimensions;  // those that no piece has are left out
  bool rollup = false;
  bool ingests_metrics =
      false;  // the specification's are made of rows, as ingestion makes them; else they are combined
};

class CompactRebuild {
 public:
  /// `pieces` hold the chunk's rows in stored form, metrics and all. REQUIRES: it lives until the output is published.
  /// Throws kUnsupported naming a metric that the pieces do not say how to combine, or a dimension of a type that rows
  /// cannot have.
  CompactRebuild(const CompactSpec& spec, const Interval& chunk,
                 std::vector<std::shared_ptr<const storage::Segment>> pieces, const RebuiltShape& shape);

  /// `step` is called now and then, and may throw. Values that a dimension's new type cannot hold become null, and are
  /// counted and kept in `counts`.
  void run(SegmentOutput& output, RowCounts& counts, const std::function<void()>& step);

 private:
  using Use = std::function<void(const RawRow&, std::int64_t time_ms)>;
  void for_each_row(const Use& use, const std::function<void()>& step);

  const IndexTuning tuning_;
  const Interval chunk_;
  std::vector<std::shared_ptr<const storage::Segment>> pieces_;  // none once it has run
  const std::shared_ptr<const DataSchema> schema_;
  FieldTable fields_;
  const std::unique_ptr<Partitioner> partitioner_;
};

}  // namespace sarsen::ingest
