#pragma once
// What a query reads of one segment: the rows of a time interval that pass a filter, split into what was decided once,
// by binary search on __time and by bitmap index, and what each vector must still be asked. Immutable after
// make_scan_plan; shared by the cursors.

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/filter/filter.h"
#include "engine/virtual_column/virtual_column.h"
#include "storage/base/interval.h"
#include "storage/segment/segment.h"

namespace sarsen::engine {

struct ScanPlan {
  std::shared_ptr<const storage::Segment> segment;
  Interval interval;
  std::size_t part = 0;         // which of the query's parts this is (engine/query/query_run.h)
  std::uint32_t begin_row = 0;  // rows that can lie in the interval: exact where the segment is sorted by time
  std::uint32_t end_row = 0;
  bool check_time = false;                // each row's time must be compared with the interval
  std::vector<std::uint64_t> index_rows;  // one bit per row of the segment, or empty: the index decided nothing
  FilterPtr filter;                       // nullptr: none, or the index decided all of it
  VirtualColumnsPtr virtual_columns;      // nullptr: none
  std::vector<bool> residual;             // of the filter's conjuncts (one where it is no `and`): still to be asked

  bool empty() const noexcept { return begin_row >= end_row; }
};

ScanPlan make_scan_plan(std::shared_ptr<const storage::Segment> segment, const Interval& interval,
                        const FilterPtr& filter, VirtualColumnsPtr virtual_columns = nullptr);

}  // namespace sarsen::engine
