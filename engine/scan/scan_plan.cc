#include "engine/scan/scan_plan.h"

#include <algorithm>

#include "engine/kernels/kernels.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {
namespace {

/// An index that sets more than one row in this many costs about what a compare of the ids costs, and those are read
/// anyway where the column is grouped by.
constexpr std::uint64_t kIndexRowShare = 4;

/// The first row whose time is not before `time_ms`. REQUIRES: sorted by time.
std::uint32_t first_row_at(storage::NumericReader<std::int64_t>& times, std::uint32_t row_count, std::int64_t time_ms) {
  std::uint32_t begin = 0;
  std::uint32_t end = row_count;
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    std::int64_t scratch = 0;
    if (*times.read(middle, 1, &scratch) < time_ms) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

void plan_time(ScanPlan& plan) {
  const storage::Segment& segment = *plan.segment;
  plan.end_row = segment.row_count();
  const std::optional<Interval> bounds = segment.time_bounds();
  if (!bounds || bounds->end_ms < plan.interval.start_ms || bounds->start_ms >= plan.interval.end_ms) {
    plan.end_row = 0;
    return;
  }
  const bool starts_inside = bounds->start_ms < plan.interval.start_ms;
  const bool ends_inside = bounds->end_ms >= plan.interval.end_ms;
  if (!starts_inside && !ends_inside) return;
  if (!segment.sorted_by_time()) {
    plan.check_time = true;
    return;
  }
  const auto times = segment.column(storage::kTimeColumn)->long_reader();
  if (starts_inside) plan.begin_row = first_row_at(*times, segment.row_count(), plan.interval.start_ms);
  if (ends_inside) plan.end_row = first_row_at(*times, segment.row_count(), plan.interval.end_ms);
}

/// Asks the indexes for each conjunct that is cheap to decide so; the others stay for the cursor.
void plan_filter(ScanPlan& plan, const FilterPtr& filter) {
  const std::uint32_t row_count = plan.segment->row_count();
  CursorColumns columns(*plan.segment, plan.virtual_columns.get());
  const std::unique_ptr<FilterMatcher> root = filter->bind(columns.sources(), {.row_count = row_count});
  const auto conjuncts = root->conjuncts();
  const auto count = std::max<std::size_t>(conjuncts.size(), 1);
  plan.residual.assign(count, true);
  for (std::size_t i = 0; i < count; ++i) {
    const FilterMatcher& matcher = conjuncts.empty() ? *root : *conjuncts[i];
    const std::optional<std::uint64_t> cost = matcher.index_cost(false);
    if (!cost || *cost > row_count / kIndexRowShare + 64) continue;
    std::vector<std::uint64_t> rows(mask_words(row_count));
    matcher.index_rows(false, rows);
    if (plan.index_rows.empty()) {
      plan.index_rows = std::move(rows);
    } else {
      kernels::mask_and(plan.index_rows.data(), rows.data(), rows.size());
    }
    plan.residual[i] = false;
  }
  if (std::find(plan.residual.begin(), plan.residual.end(), true) != plan.residual.end()) plan.filter = filter;
}

}  // namespace

ScanPlan make_scan_plan(std::shared_ptr<const storage::Segment> segment, const Interval& interval,
                        const FilterPtr& filter, VirtualColumnsPtr virtual_columns) {
  ScanPlan plan;
  plan.segment = std::move(segment);
  plan.interval = interval;
  plan.virtual_columns = std::move(virtual_columns);
  plan_time(plan);
  if (filter != nullptr && !plan.empty()) plan_filter(plan, filter);
  return plan;
}

}  // namespace sarsen::engine
