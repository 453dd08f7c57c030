// Many small segments that have about as many groups as rows: their rows go straight to the groups of the query
// (MergedGroups::add_rows), those of a run of segments to groups of their own, which meet in the end. What spills adds
// up other rows first, so only aggregators take part to which that is the same.

#include <algorithm>
#include <span>

#include "engine/query/aggregating_query.h"

namespace sarsen::engine {
namespace {

constexpr std::size_t kPlansMin = 8;
/// Columns of more rows are read better by their narrow forms, and their keys are places of arrays.
constexpr std::uint32_t kPlanRowsMax = 1 << 15;
/// Unless several dictionaries have more combinations than there are rows, and all rows are read: keys are looked up by
/// hash then, and a segment's groups would be looked up once more where segments meet.
constexpr std::uint32_t kHashedPlanRowsMax = 1 << 20;
/// A segment has many groups where there may be one for so many rows.
constexpr std::uint64_t kRowsPerKey = 4;
/// Segments of at least so many rows are one task, and there are not many more tasks than that.
constexpr std::uint64_t kRunRowsMin = 3 << 19;
constexpr std::uint64_t kRunsMax = 8;

std::uint64_t rows_of(const ScanPlan& plan) noexcept { return plan.end_row - plan.begin_row; }

bool hashes_keys(const std::vector<DimensionSpec>& dimensions, const ScanPlan& plan) {
  if (plan.filter != nullptr || !plan.index_rows.empty()) return false;  // few entries may be met
  std::uint64_t keys = 1;
  for (const DimensionSpec& dimension : dimensions) {
    const storage::Column* const column = plan.segment->column(dimension.dimension);
    if (column == nullptr || column->dictionary() == nullptr) continue;
    if (column->dictionary()->size() >= rows_of(plan)) return false;  // this one tells most rows apart
    keys = std::min(keys * column->dictionary()->size(), std::uint64_t{kHashedPlanRowsMax} + 1);
  }
  return keys > rows_of(plan);
}

std::uint64_t rows_max(const std::vector<DimensionSpec>& dimensions, const ScanPlan& plan) {
  return hashes_keys(dimensions, plan) ? kHashedPlanRowsMax : kPlanRowsMax;
}

/// Runs of plans that have about so many rows.
std::vector<std::span<const ScanPlan>> cut_plans(std::span<const ScanPlan> plans, std::uint64_t rows) {
  std::vector<std::span<const ScanPlan>> runs;
  while (!plans.empty()) {
    std::size_t count = 0;
    for (std::uint64_t taken = 0; count < plans.size() && taken < rows; ++count) taken += rows_of(plans[count]);
    runs.push_back(plans.first(count));
    plans = plans.subspan(count);
  }
  return runs;
}

}  // namespace

/// Most rows must be of plans that are worth it; others are scanned as always.
bool AggregatingQuery::takes_rows(const GroupedPlans& plans) const {
  const AggregatorSet& set = *grouping_.aggregators;
  if (plans.plans.size() < kPlansMin || dimensions().empty() || grouping_.backwards) return false;
  if (!set.merges_associatively() || !set.copies_initial_states() || !set.divides_segments()) return false;
  const MergedGroups groups(grouping_);
  std::uint64_t rows = 0, rows_with_keys = 0;
  for (const ScanPlan& plan : plans.plans) {
    if (rows_of(plan) > rows_max(dimensions(), plan)) return false;
    rows += rows_of(plan);
    if (&plans.grouping(plan) == &grouping_ && keys_max(dimensions(), plan) * kRowsPerKey >= rows_of(plan) &&
        groups.takes_rows(plan))
      rows_with_keys += rows_of(plan);
  }
  return rows_with_keys * 2 > rows;
}

void AggregatingQuery::scan_rows(const QueryRun& run, const GroupedPlans& plans, const ScanShortcuts& shortcuts) const {
  std::uint64_t rows = 0;
  for (const ScanPlan& plan : plans.plans) rows += rows_of(plan);
  const std::vector<std::span<const ScanPlan>> runs =
      cut_plans(plans.plans, std::max(kRunRowsMin, rows / kRunsMax + 1));
  std::vector<std::unique_ptr<MergedGroups>> groups(runs.size());
  run.parallel(runs.size(), [&](std::size_t i) {
    groups[i] = std::make_unique<MergedGroups>(grouping_);
    for (const ScanPlan& plan : runs[i])
      if (groups[i]->bytes() <= shortcuts.merged_bytes_max) add_rows(run, plans, plan, rows, *groups[i]);
  });
  for (auto& some : groups) shortcuts.take_merged(std::move(some));
}

void AggregatingQuery::add_rows(const QueryRun& run, const GroupedPlans& plans, const ScanPlan& plan,
                                std::uint64_t rows, MergedGroups& groups) const {
  if (&plans.grouping(plan) == &grouping_ && groups.takes_rows(plan)) {
    groups.add_rows(plan, run.control(), rows);
  } else {
    const std::shared_ptr<const ScanPlan> held(std::shared_ptr<void>(), &plan);  // the caller's
    GroupScan scan(plans.grouping(plan), held, plan.begin_row, plan.end_row, run.control());
    scan.run(run.limits().query_bytes_max);
    scan.settle();
    groups.add_by_value(scan, {0, scan.groups()});
  }
  check_size(run, groups);
}

}  // namespace sarsen::engine
