#include "ingest/merge/source_rows.h"

#include <algorithm>

#include "engine/scan/vector_cursor.h"
#include "engine/vector/selection.h"

namespace sarsen::ingest {
namespace {

using engine::kVectorRows;

/// The rows that pass the filter, in `interval` where there is one.
std::vector<std::uint32_t> filtered_rows(const std::shared_ptr<const storage::Segment>& segment,
                                         const RowChoice& choice) {
  const engine::ScanPlan plan =
      engine::make_scan_plan(segment, choice.interval.value_or(Interval{INT64_MIN, INT64_MAX}), choice.filter);
  const engine::QueryControl control;
  engine::VectorCursor cursor(plan, plan.begin_row, plan.end_row, control);
  std::vector<std::uint32_t> rows;
  while (cursor.next()) {
    const engine::Selection& selection = cursor.selection();
    for (std::uint32_t i = 0; i < (selection.positions != nullptr ? selection.count : selection.size); ++i) {
      const std::uint32_t at = selection.positions != nullptr ? selection.positions[i] : i;
      const bool alive =
          selection.positions != nullptr || selection.mask == nullptr || (selection.mask[at / 64] >> at % 64 & 1) != 0;
      if (alive) rows.push_back(cursor.begin() + at);
    }
  }
  return rows;
}

std::vector<std::uint32_t> rows_in_time(const storage::Segment& segment, const Interval& interval) {
  std::vector<std::uint32_t> rows;
  const auto reader = segment.column(storage::kTimeColumn)->long_reader();
  std::vector<std::int64_t> scratch(kVectorRows);
  for (std::uint32_t begin = 0; begin < segment.row_count(); begin += kVectorRows) {
    const std::uint32_t count = std::min(kVectorRows, segment.row_count() - begin);
    const std::int64_t* times_ms = reader->read(begin, count, scratch.data());
    for (std::uint32_t i = 0; i < count; ++i)
      if (interval.contains(times_ms[i])) rows.push_back(begin + i);
  }
  return rows;
}

}  // namespace

SourceRows select_rows(std::shared_ptr<const storage::Segment> segment, const RowChoice& choice) {
  SourceRows source{.segment = std::move(segment)};
  const std::uint32_t row_count = source.segment->row_count();
  source.begin = std::min(choice.begin, row_count);
  source.end = std::min(choice.end, row_count);
  if ((!choice.interval && choice.filter == nullptr) || row_count == 0) return source;
  source.rows = choice.filter != nullptr ? filtered_rows(source.segment, choice)
                                         : rows_in_time(*source.segment, *choice.interval);
  std::erase_if(source.rows, [&](std::uint32_t row) { return row < choice.begin || row >= choice.end; });
  const auto count = static_cast<std::uint32_t>(source.rows.size());
  const bool adjacent = count == 0 || source.rows.back() - source.rows.front() == count - 1;
  source.begin = adjacent && count != 0 ? source.rows.front() : 0;
  source.end = source.begin + count;
  if (adjacent) source.rows = {};
  return source;
}

}  // namespace sarsen::ingest
