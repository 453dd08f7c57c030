#include "engine/query/chosen_plans.h"

#include <algorithm>
#include <utility>

#include "engine/query/scan_rows.h"

namespace sarsen::engine {
namespace {

/// A plan has a bit for each row of its segment.
constexpr std::size_t kStepMax = 256;

ChosenPlans::Plan chosen(const RowsSource& source) {
  const ScanPlan& plan = *source.plan;
  if (source.filter == nullptr) return {std::shared_ptr<void>(), &plan};
  ScanPlan chosen = make_scan_plan(plan.segment, plan.interval, source.filter, plan.virtual_columns);
  chosen.part = plan.part;
  return std::make_shared<const ScanPlan>(std::move(chosen));
}

}  // namespace

ChosenPlans::Plan ChosenPlans::next() {
  if (next_ == step_begin_ + chosen_.size()) choose();
  return std::move(chosen_[next_++ - step_begin_]);
}

void ChosenPlans::choose() {
  step_begin_ = next_;
  const std::size_t step = std::clamp<std::size_t>(chosen_.size() * 2, 1, kStepMax);
  chosen_.resize(std::min(step, turns_.size() - next_));
  run_.parallel(chosen_.size(), [this](std::size_t i) { chosen_[i] = chosen(sources_[turns_[step_begin_ + i]]); });
}

}  // namespace sarsen::engine
