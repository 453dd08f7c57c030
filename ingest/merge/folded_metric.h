#pragma once
// Metric columns of a merge with rollup: values of rows that become one are folded by the aggregator, in the order of
// the rows, as Druid does it; a row that stands alone keeps its value, and its bytes. Thread-safe: no state.

#include "engine/aggregator/aggregator.h"
#include "ingest/merge/merged_column.h"
#include "storage/column/column_data.h"

namespace sarsen::ingest {

/// `aggregator` reads the column of its own name. Throws kInvalidInput, naming the column, where its results are of
/// another kind than the column. What is returned uses both, which must outlive it.
storage::OwnedColumnValues make_folded_metric(const MergeInput& input, const MergedColumn& column,
                                              const engine::AggregatorFactory& aggregator);

/// The aggregator that folds the stored results of `metric`, ingested or in combining form.
std::unique_ptr<engine::AggregatorFactory> folding_aggregator(const engine::AggregatorFactory& metric);

}  // namespace sarsen::ingest
