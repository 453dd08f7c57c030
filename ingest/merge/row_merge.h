#pragma once
// Merges sorted sources row by row. Thread-safe: no state.

#include <cstdint>
#include <functional>

#include "ingest/merge/merged_rows.h"
#include "ingest/merge/row_keys.h"
#include "ingest/merge/source_rows.h"

namespace sarsen::ingest {

/// True where the rows of a source are sorted by the first `columns` columns of the plan.
bool is_sorted(const SortPlan& plan, const SourceRows& source, std::size_t source_number, std::size_t columns);

/// Brings the rows of a source into the order of the plan: rows that compare equal stay as they are.
void sort_source(const SortPlan& plan, SourceRows& source, std::size_t source_number);

/// REQUIRES: sources in order, at most kSourcesMax. Rows that compare equal come in the order of MergeHeap, and fold
/// into one where `rollup` is set. `progress` (may be empty) is called with the number of rows merged.
MergedRows merge_rows(const SortPlan& plan, const Sources& sources, bool rollup,
                      const std::function<void(std::uint64_t)>& progress);

}  // namespace sarsen::ingest
