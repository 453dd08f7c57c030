// What a supervisor tells of itself, in Druid's forms.
#include <algorithm>

#include "ingest/supervisor/supervisor.h"
#include "ingest/supervisor/task_report.h"
#include "storage/base/error.h"
#include "storage/base/interval.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::size_t kParseErrorsMax = 1000;

/// As milliseconds to whole seconds, none of them negative.
std::int64_t seconds_left(std::int64_t length_ms, std::int64_t since_ms, std::int64_t now_ms) {
  return std::max<std::int64_t>(0, (length_ms - (now_ms - since_ms)) / 1000);
}

Json lag_json(const std::map<StreamPartition, OffsetRange>& ranges, const StreamOffsets& current) {
  Json::Object lag;
  for (const auto& [partition, offset] : current)
    if (const auto range = ranges.find(partition); range != ranges.end())
      lag.emplace_back(partition.text(), Json(range->second.high - offset));
  return Json(std::move(lag));
}

}  // namespace

/// Of our stream; of another one there are none.
Position Supervisor::stored_offsets() const {
  Position stored = services_.metadata.offsets(spec_->id);
  if (stored.stream != spec_->io.stream) stored = {.stream = spec_->io.stream, .next_offsets = {}};
  return stored;
}

/// The furthest that a task has come with each partition; what is stored where there is none.
Position Supervisor::current_offsets(Position current) const {
  for (const Entry& entry : entries_)
    for (const auto& [partition, offset] : entry.task->progress().current.next_offsets) {
      auto& furthest = current.next_offsets.try_emplace(partition, offset).first->second;
      furthest = std::max(furthest, offset);
    }
  return current;
}

Json Supervisor::payload(const Position& stored) const {
  const std::int64_t now_ms = services_.clock();
  Json::Array active;
  Json::Array publishing;
  for (const Entry& entry : entries_) {
    const auto progress = entry.task->progress();
    const bool reads = progress.state == ReadingTask::State::kReading;
    Json::Object task{{"id", entry.task->id()},
                      {"startingOffsets", offsets_json(entry.task->start_position().next_offsets)},
                      {"startTime", format_iso(entry.task->created_ms())},
                      {"remainingSeconds",
                       reads ? seconds_left(spec_->io.task_duration_ms, entry.task->created_ms(), now_ms)
                             : seconds_left(spec_->io.completion_timeout_ms, progress.publishing_since_ms, now_ms)},
                      {"type", reads ? "ACTIVE" : "PUBLISHING"},
                      {"currentOffsets", offsets_json(progress.current.next_offsets)}};
    if (reads && ranges_) task.emplace_back("lag", lag_json(*ranges_, progress.current.next_offsets));
    (reads ? active : publishing).emplace_back(std::move(task));
  }
  Json::Object payload{{"dataSource", spec_->id},
                       {"stream", spec_->io.stream},
                       {"partitions", static_cast<std::int64_t>(partitions_.size())},
                       {"replicas", static_cast<std::int64_t>(spec_->io.replicas)},
                       {"durationSeconds", spec_->io.task_duration_ms / 1000},
                       {"activeTasks", Json(std::move(active))},
                       {"publishingTasks", Json(std::move(publishing))}};
  if (ranges_) {
    const Position current = current_offsets(stored);
    Json::Object latest;
    Json::Object lag;
    std::int64_t total = 0;
    for (const auto& [partition, range] : *ranges_) {
      const auto offset = current.next_offsets.find(partition);
      const std::int64_t behind = range.high - (offset == current.next_offsets.end() ? 0 : offset->second);
      latest.emplace_back(partition.text(), Json(range.high));
      lag.emplace_back(partition.text(), Json(behind));
      total += std::max<std::int64_t>(0, behind);
    }
    payload.emplace_back("latestOffsets", Json(std::move(latest)));
    payload.emplace_back("minimumLag", Json(std::move(lag)));
    payload.emplace_back("aggregateLag", Json(total));
    payload.emplace_back("offsetsLastUpdated", Json(format_iso(ranges_time_ms_)));
  }
  Json::Array errors;
  for (const SupervisorError& error : state_.errors()) errors.push_back(error.to_json());
  for (const Entry& entry : entries_)
    if (const auto trouble = entry.task->progress().trouble) errors.push_back(trouble->to_json());
  payload.emplace_back("suspended", Json(spec_->suspended));
  payload.emplace_back("healthy", Json(is_healthy(state_.state())));
  payload.emplace_back("state", Json(basic_text(state_.state())));
  payload.emplace_back("detailedState", Json(detailed_text(state_.state())));
  payload.emplace_back("recentErrors", Json(std::move(errors)));
  return Json(std::move(payload));
}

void Supervisor::log_lag(const Position& stored) const {
  const Position current = current_offsets(stored);
  std::int64_t total = 0;
  for (const auto& [partition, offset] : current.next_offsets)
    if (const auto range = ranges_->find(partition); range != ranges_->end())
      total += std::max<std::int64_t>(0, range->second.high - offset);
  if (total != 0)
    log_info("Supervisor[{}] is behind by {} messages, by partition: {}", spec_->id, total,
             lag_json(*ranges_, current.next_offsets).dump());
}

Json Supervisor::status() const {
  const Position stored = stored_offsets();
  const std::lock_guard lock(mutex_);
  return Json::Object{
      {"id", spec_->id}, {"generationTime", format_iso(services_.clock())}, {"payload", payload(stored)}};
}

Json Supervisor::stats() const {
  const std::lock_guard lock(mutex_);
  std::map<std::uint32_t, Json::Object> groups;
  for (const Entry& entry : entries_) groups[entry.task->group()].emplace_back(entry.task->id(), stats_of(*entry.task));
  Json::Object json;
  for (auto& [group, tasks] : groups) json.emplace_back(std::to_string(group), Json(std::move(tasks)));
  return Json(std::move(json));
}

Json Supervisor::parse_errors() const {
  const std::lock_guard lock(mutex_);
  std::vector<RowError> errors;
  for (const Entry& entry : entries_)
    for (RowError& error : entry.task->errors()) errors.push_back(std::move(error));
  std::sort(errors.begin(), errors.end(),
            [](const RowError& left, const RowError& right) { return left.time_ms < right.time_ms; });
  if (errors.size() > kParseErrorsMax) errors.erase(errors.begin(), errors.end() - kParseErrorsMax);
  return newest_first(errors);
}

std::shared_ptr<ReadingTask> Supervisor::find(const std::string& id) const {
  for (const Entry& entry : entries_)
    if (entry.task->id() == id) return entry.task;
  return nullptr;
}

std::vector<TaskStatus> Supervisor::tasks() const {
  const std::lock_guard lock(mutex_);
  std::vector<TaskStatus> tasks = ended_tasks_;
  for (const Entry& entry : entries_) tasks.push_back(status_of(*entry.task));
  return tasks;
}

std::optional<Json> Supervisor::task_payload(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto task = find(id);
  return task ? std::optional(payload_of(*task)) : std::nullopt;
}

std::optional<Json> Supervisor::task_report(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto task = find(id);
  return task ? std::optional(report_of(*task)) : std::nullopt;
}

bool Supervisor::shutdown_task(const std::string& id, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  const auto task = find(id);
  if (task) task->abort(reason);
  return task != nullptr;
}

}  // namespace sarsen::ingest
