#include "engine/query/query_run.h"

#include <algorithm>

namespace sarsen::engine {

std::vector<storage::TimelineHit> QueryRun::hits() const {
  if (hits_) return *hits_;
  std::vector<storage::TimelineHit> hits;
  for (const std::string& name : query_.data_sources()) {
    const auto timeline = timelines_->find(name);
    if (timeline == timelines_->end()) continue;
    for (const Interval& interval : query_.intervals())
      for (const storage::TimelineHit& hit : timeline->second->lookup(interval)) hits.push_back(hit);
  }
  return hits;
}

std::vector<QueryRun::Part> QueryRun::parts() const {
  std::vector<Part> parts;
  for (const storage::TimelineHit& hit : hits())
    for (auto& segment : hit.entry->segment->acquire()) parts.push_back({std::move(segment), hit.interval});
  return parts;
}

std::vector<ScanPlan> QueryRun::plans(const std::vector<Part>& parts, const FilterPtr& filter) const {
  std::vector<ScanPlan> plans(parts.size());
  parallel(parts.size(), [&](std::size_t i) {
    control_.check();
    plans[i] = make_scan_plan(parts[i].segment, parts[i].interval, filter, query_.virtual_columns());
    plans[i].part = i;
  });
  std::erase_if(plans, [](const ScanPlan& plan) { return plan.empty(); });
  return plans;
}

std::vector<Morsel> morsels(const std::vector<ScanPlan>& plans, bool divide) {
  std::vector<Morsel> cuts;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    std::uint32_t begin = plans[i].begin_row;
    while (begin < plans[i].end_row) {
      const std::uint64_t cut = divide ? (std::uint64_t{begin} / kMorselRows + 1) * kMorselRows : plans[i].end_row;
      const auto end = static_cast<std::uint32_t>(std::min<std::uint64_t>(cut, plans[i].end_row));
      cuts.push_back({i, begin, end});
      begin = end;
    }
  }
  return cuts;
}

}  // namespace sarsen::engine
