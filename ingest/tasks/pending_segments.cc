#include "ingest/tasks/pending_segments.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ingest/tasks/coordinator_config.h"
#include "storage/base/civil_time.h"
#include "storage/base/log.h"

namespace sarsen::ingest {

void discard(const std::vector<PendingSegment>& segments, SupervisorStore& store, DeepStorage& deep_storage) {
  for (const PendingSegment& segment : segments) {
    if (segment.is_published) continue;
    storage::SegmentDescriptor pushed;  // perhaps: it has no load spec until then
    pushed.id = segment.id;
    deep_storage.remove(pushed);
  }
  store.remove_pending(segments);
}

std::int64_t stale_before_ms(const std::vector<TaskStatus>& latest, std::int64_t now_ms) {
  std::int64_t oldest_active_ms = now_ms;
  std::optional<std::int64_t> last_complete_ms;
  for (const TaskStatus& task : latest)
    if (task.complete())
      last_complete_ms = std::max(last_complete_ms.value_or(task.created_time_ms), task.created_time_ms);
    else
      oldest_active_ms = std::min(oldest_active_ms, task.created_time_ms);
  return std::min(oldest_active_ms, last_complete_ms.value_or(oldest_active_ms)) - kDayMs;
}

PendingSegmentDuty::PendingSegmentDuty(const TaskStorage& tasks, SupervisorStore& store, DeepStorage& deep_storage,
                                       std::function<std::vector<TaskStatus>()> others, Clock clock)
    : tasks_(tasks), store_(store), deep_storage_(deep_storage), others_(std::move(others)), clock_(std::move(clock)) {}

std::size_t PendingSegmentDuty::run() {
  std::vector<TaskStatus> latest = others_();
  for (StoredTask& task : tasks_.active()) latest.push_back(std::move(task.status));
  for (TaskStatus& task : tasks_.complete(INT64_MIN, 1)) latest.push_back(std::move(task));
  const CoordinatorConfig config = CoordinatorConfig::parse(tasks_.config(kCoordinatorConfigName));
  if (config.pauses) return 0;
  std::vector<PendingSegment> stale = store_.pending_before(stale_before_ms(latest, clock_()));
  std::erase_if(stale, [&](const PendingSegment& segment) {
    return config.pending_segments_skip_list.contains(segment.id.data_source);
  });
  discard(stale, store_, deep_storage_);
  if (!stale.empty()) log_info("Killed [{}] pending segments that were left behind", stale.size());
  return stale.size();
}

void PendingSegmentDuty::start(std::chrono::milliseconds period) {
  duties_.start(
      "pending", period, period, "Pending segments could not be killed", [this] { return coordination_pauses(tasks_); },
      [this] { run(); });
}

}  // namespace sarsen::ingest
