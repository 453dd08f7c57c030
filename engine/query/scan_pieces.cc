// The scan of a groupBy that may spill: the pieces of rows that all queries are cut into, but where a piece has more
// groups than fit, it is read several times, each time for another part of its groups.

#include <algorithm>
#include <atomic>
#include <bit>
#include <iterator>
#include <list>

#include "engine/query/aggregating_query.h"
#include "engine/query/segment_cache.h"

namespace sarsen::engine {
namespace {

/// A piece is divided no further.
constexpr std::uint32_t kPartsMax = 1 << 12;

struct Unit {
  Morsel rows;
  std::uint32_t part = 0;
  std::uint32_t parts = 1;
  std::unique_ptr<GroupScan> scan;  // read, not yet visited
  std::uint32_t divided_by = 1;     // above 1: has too many groups
};

using Units = std::list<Unit>;

/// Puts the parts of a unit in its place: groups whose hash leaves `part` when divided by `parts`.
void divide(Units& units, Units::iterator unit) {
  for (std::uint32_t i = 0; i < unit->divided_by; ++i)
    units.insert(unit, Unit{unit->rows, unit->part + i * unit->parts, unit->parts * unit->divided_by, nullptr, 1});
  units.erase(unit);
}

/// How many parts are likely to fit, when so much was read of one that did not.
std::uint32_t parts_needed(const GroupScan& scan) {
  const double needed = 1.25 / std::clamp(scan.progress(), 1.0 / 32, 1.0);
  return std::bit_ceil(static_cast<std::uint32_t>(needed) + 1);
}

}  // namespace

void AggregatingQuery::scan_pieces(const QueryRun& run, const std::vector<QueryRun::Part>& parts, std::size_t bytes_max,
                                   const ScanVisit& visit) const {
  const Plans plans = plan_groups(run, parts, grouping_, asked_);
  Units units;
  for (const Morsel& rows : pieces(*plans)) units.push_back(Unit{rows, 0, 1, nullptr, 1});
  const auto read = [&](Unit& unit) {
    const ScanPlan& plan = plans->plans[unit.rows.plan];
    auto scan = std::make_unique<GroupScan>(plans->grouping(plan), std::shared_ptr<const ScanPlan>(plans, &plan),
                                            unit.rows.begin_row, unit.rows.end_row, run.control());
    scan->set_part(unit.part, unit.parts);
    const bool is_last_try = dimensions().empty() || unit.parts >= kPartsMax;
    if (scan->run_within(is_last_try ? SIZE_MAX : bytes_max)) {
      unit.scan = std::move(scan);
    } else {
      unit.divided_by = parts_needed(*scan);
    }
  };
  while (!units.empty()) {
    std::vector<Unit*> waiting;
    std::atomic<std::size_t> waiting_bytes = 0;
    for (Unit& unit : units) {
      waiting.push_back(&unit);
      if (unit.scan != nullptr) waiting_bytes += unit.scan->bytes();
    }
    run.parallel(waiting.size(), [&](std::size_t i) {
      if (waiting[i]->scan != nullptr || (i > 0 && waiting_bytes > bytes_max)) return;
      read(*waiting[i]);
      if (waiting[i]->scan != nullptr) waiting_bytes += waiting[i]->scan->bytes();
    });
    for (; !units.empty() && units.front().scan != nullptr; units.pop_front()) {
      run.control().check();
      visit(plans->plans[units.front().rows.plan].part, std::move(units.front().scan));
    }
    for (auto unit = units.begin(); unit != units.end();) {
      const auto next = std::next(unit);
      if (unit->divided_by > 1) divide(units, unit);
      unit = next;
    }
  }
}

void AggregatingQuery::scan_spilling(const QueryRun& run, const std::vector<QueryRun::Part>& parts,
                                     std::size_t bytes_max, SpillingGroups& groups) const {
  const SegmentCache cache(run, grouping_key_);
  CachedParts cached(cache, grouping_, parts);
  const auto add_kept = [&](std::size_t, const KeptGroups& kept) { groups.add(kept); };
  groups.set_visit([&](std::size_t other, const GroupScan& scan) { cached.keep(other, scan); });
  scan_pieces(run, cached.others(), bytes_max, [&](std::size_t other, std::unique_ptr<GroupScan> scan) {
    cached.visit_known(cached.place(other), add_kept);
    groups.add(std::move(scan), other);
  });
  cached.visit_known(parts.size(), add_kept);
  groups.finish();
  groups.set_visit({});
  if (!groups.spilled()) cached.put();
}

}  // namespace sarsen::engine
