#include "engine/query/query_run.h"

#include <algorithm>

#include "engine/data_source/pushed_filter.h"

namespace sarsen::engine {

const std::vector<QueryRun::Part>& QueryRun::parts() {
  if (!parts_) parts_ = query_->source().parts(*this, PushedFilter(query_->filter(), query_->virtual_columns()));
  return *parts_;
}

std::vector<QueryRun::Part> QueryRun::take_parts() {
  parts();
  std::vector<Part> taken = std::move(*parts_);
  parts_.reset();
  return taken;
}

QueryRun QueryRun::below(const Query& query, bool nested) const {
  QueryRun run = *this;
  run.nested_ = nested;
  run.by_segment_ = false;
  run.query_ = &query;
  run.priority_ = priority_of(query, *timelines_, limits_->priorities);
  run.parts_.reset();
  return run;
}

std::vector<ScanPlan> QueryRun::plans(const std::vector<Part>& parts, const FilterPtr& filter) const {
  return plans(parts, filter, [](std::size_t) { return std::nullopt; });
}

std::vector<ScanPlan> QueryRun::plans(const std::vector<Part>& parts, const FilterPtr& filter,
                                      const Instead& instead) const {
  std::vector<ScanPlan> plans(parts.size());
  parallel(parts.size(), [&](std::size_t i) {
    control_->check();
    std::optional<ScanPlan> other = instead(i);
    plans[i] = other ? std::move(*other)
                     : make_scan_plan(parts[i].segment, parts[i].interval,
                                      both(parts[i].filter, PushedFilter::rest(filter, *parts[i].segment)),
                                      query_->virtual_columns());
    plans[i].part = i;
  });
  std::erase_if(plans, [](const ScanPlan& plan) { return plan.empty(); });
  return plans;
}

std::vector<Morsel> morsels(const std::vector<ScanPlan>& plans, bool divide) {
  std::vector<Morsel> cuts;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (divide) {
      cut(i, plans[i], kMorselRows, cuts);
    } else if (!plans[i].empty()) {
      cuts.push_back({i, plans[i].begin_row, plans[i].end_row});
    }
  }
  return cuts;
}

void cut(std::size_t number, const ScanPlan& plan, std::uint32_t rows, std::vector<Morsel>& cuts) {
  std::uint32_t begin = plan.begin_row;
  while (begin < plan.end_row) {
    const std::uint64_t next = (std::uint64_t{begin} / rows + 1) * rows;
    const auto end = static_cast<std::uint32_t>(std::min<std::uint64_t>(next, plan.end_row));
    cuts.push_back({number, begin, end});
    begin = end;
  }
}

}  // namespace sarsen::engine
