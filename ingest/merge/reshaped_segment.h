#pragma once
// A segment with other columns, for a merge: fewer dimensions, in another order, and metrics that are made of columns
// it has. What a metric gets is what ingestion would give it for the same row: the count of one row is 1. Immutable;
// thread-safe as the segment itself.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/aggregator/aggregator.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {

struct Reshaping {
  std::optional<std::vector<std::string>> dimensions;  // unset: as they are
  std::optional<engine::AggregatorFactories> metrics;  // unset: as they are
  /// A metric whose name a column has is that column: what is stored is combined, and not aggregated anew. Druid's
  /// preserveExistingMetrics.
  bool preserves_metrics = false;
  /// Auto columns of mixed scalars are what logical_column.h says.
  bool as_logical_types = false;
};

/// Columns that the segment does not have are left out. A dimension that a metric is named after is left out, too.
/// Throws kUnsupported, naming the metric, for aggregators that cannot be made of stored values.
std::shared_ptr<const storage::Segment> reshape(std::shared_ptr<const storage::Segment> segment,
                                                const Reshaping& reshaping);

}  // namespace sarsen::ingest
