#include "server/api/query_scheduler.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/base/error.h"

namespace sarsen::server {
namespace {

const std::string kTotal = "total";
const std::string kLow = "low";

[[noreturn]] void refuse(const std::string& message) { throw Error(ErrorCategory::kInvalidInput, message); }

std::size_t part_of(std::size_t total, std::size_t percent) { return (total * percent + 99) / 100; }

}  // namespace

void check_settings(const QuerySchedulerSettings& settings) {
  if (settings.laning == LaningStrategy::kHiLo && settings.low_percent_max == 0)
    refuse("druid.query.scheduler.laning: maxLowPercent must be set");
  if (settings.laning != LaningStrategy::kManual) return;
  if (settings.lanes.empty()) refuse("druid.query.scheduler.laning: lanes must define at least one lane");
  for (const auto& [name, limit] : settings.lanes) {
    if (limit == 0) refuse("druid.query.scheduler.laning: All lane limits must be greater than 0");
    if (settings.lanes_are_percents && limit > 100)
      refuse("druid.query.scheduler.laning: All lane limits must be in the range 1 to 100");
    if (name == kTotal || name == "default")
      refuse("druid.query.scheduler.laning: Lane cannot be named '" + name + "'");
  }
}

QueryScheduler::QueryScheduler(QuerySchedulerSettings settings, std::size_t requests_max)
    : settings_(std::move(settings)) {
  const bool has_total = settings_.threads > 0 && settings_.threads < requests_max;
  const std::size_t total = has_total ? settings_.threads : requests_max;
  if (has_total) lanes_[kTotal] = {total};
  if (settings_.laning == LaningStrategy::kHiLo) lanes_[kLow] = {part_of(total, settings_.low_percent_max)};
  if (settings_.laning != LaningStrategy::kManual) return;
  for (const auto& [name, limit] : settings_.lanes)
    lanes_[name] = {settings_.lanes_are_percents ? part_of(total, limit) : limit};
}

std::string QueryScheduler::lane_of(const engine::QueryContext& context, std::int64_t priority) const {
  if (const auto lane = context.lane()) return *lane;
  return settings_.laning == LaningStrategy::kHiLo && priority < 0 ? kLow : "";
}

/// A lane without a limit always has room.
bool QueryScheduler::take(const std::string& lane, Places& places) {
  const auto found = lanes_.find(lane);
  if (found == lanes_.end()) return true;
  if (found->second.running >= found->second.limit) return false;
  places.lanes_.push_back(lane);
  ++found->second.running;
  return true;
}

QueryScheduler::Places QueryScheduler::admit(const engine::QueryContext& context, std::int64_t priority) {
  const std::string lane = lane_of(context, priority);
  Places places;
  places.scheduler_ = this;
  std::string refusal;
  {
    const std::lock_guard lock(mutex_);
    if (!take(lane, places)) {
      refusal = fmt::format(
          "Too many concurrent queries for lane '{}', query capacity of {} exceeded. Please try your query again "
          "later.",
          lane, lanes_.at(lane).limit);
    } else if (!take(kTotal, places)) {
      refusal = fmt::format(
          "Too many concurrent queries, total query capacity of {} exceeded. Please try your query again later.",
          lanes_.at(kTotal).limit);
    }
  }
  if (!refusal.empty()) throw Error(ErrorCategory::kCapacityExceeded, refusal);
  return places;
}

void QueryScheduler::give_back(const std::vector<std::string>& lanes) {
  const std::lock_guard lock(mutex_);
  for (const std::string& lane : lanes) --lanes_.at(lane).running;
}

QueryScheduler::Places::~Places() {
  if (!lanes_.empty()) scheduler_->give_back(lanes_);
}

std::int64_t QueryScheduler::timeout_ms(const engine::QueryContext& context) const {
  const std::int64_t longest = settings_.timeout_max_ms;
  const std::int64_t timeout = context.timeout_ms(std::min(settings_.timeout_default_ms, longest));
  if (timeout > longest)
    throw Error(ErrorCategory::kInvalidInput,
                fmt::format("Configured timeout = {} is more than enforced limit of {}.", timeout, longest));
  return timeout == 0 && longest < INT64_MAX ? longest : timeout;
}

}  // namespace sarsen::server
