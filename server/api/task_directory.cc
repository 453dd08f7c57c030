#include "server/api/task_directory.h"

#include <algorithm>
#include <utility>

namespace sarsen::server {
namespace {

using ingest::RunnerTaskState;
using ingest::TaskRunner;
using ingest::TaskStatus;

/// Druid's druid.indexer.storage.recentlyFinishedThreshold.
constexpr std::int64_t kRecentMs = 86'400'000;
constexpr std::size_t kCompleteMax = 100'000;

bool is_of_state(const TaskStatus& task, const std::string& state) {
  if (state.empty()) return true;
  if (state == "complete") return task.complete();
  if (task.complete()) return false;
  if (state == "running") return task.runner_status_code == RunnerTaskState::kRunning;
  if (state == "pending") return task.runner_status_code == RunnerTaskState::kPending;
  return task.runner_status_code == RunnerTaskState::kWaiting;
}

bool is_wanted(const TaskStatus& task, const TaskQuery& query) {
  return is_of_state(task, query.state) && (query.data_source.empty() || task.data_source == query.data_source) &&
         (query.type.empty() || task.type == query.type);
}

/// What the first runner says that knows.
template <class Ask>
auto first_answer(const std::vector<TaskRunner*>& runners, Ask ask) -> decltype(ask(*runners.front())) {
  for (TaskRunner* runner : runners)
    if (auto answer = ask(*runner)) return answer;
  return {};
}

}  // namespace

TaskDirectory::TaskDirectory(ingest::TaskQueue& queue, std::vector<TaskRunner*> others, ingest::Clock clock)
    : queue_(queue), runners_{&queue}, clock_(std::move(clock)) {
  runners_.insert(runners_.end(), others.begin(), others.end());
}

std::vector<TaskStatus> TaskDirectory::of_runners() const {
  std::vector<TaskStatus> tasks;
  for (const TaskRunner* runner : runners_)
    for (TaskStatus& task : runner->tasks()) tasks.push_back(std::move(task));
  return tasks;
}

std::vector<TaskStatus> TaskDirectory::list(const TaskQuery& query) const {
  std::vector<TaskStatus> tasks;
  const std::vector<TaskStatus> of_now = of_runners();
  const std::int64_t since_ms = query.created_since_ms.value_or(clock_() - kRecentMs);
  if (query.state.empty() || query.state == "complete") {
    tasks = queue_.storage().complete(since_ms, kCompleteMax);
    for (const TaskStatus& task : of_now)
      if (task.complete() && task.created_time_ms >= since_ms) tasks.push_back(task);
    std::stable_sort(tasks.begin(), tasks.end(), [](const TaskStatus& left, const TaskStatus& right) {
      return left.created_time_ms > right.created_time_ms;
    });
    std::erase_if(tasks, [&](const TaskStatus& task) {
      return !is_wanted(task, query) ||  // published, and not served yet: it is still among those of now
             std::any_of(of_now.begin(), of_now.end(),
                         [&](const TaskStatus& other) { return other.id == task.id && !other.complete(); });
    });
    if (query.complete_max && tasks.size() > *query.complete_max) tasks.resize(*query.complete_max);
  }
  for (const TaskStatus& task : of_now) {
    if (task.complete() || !is_wanted(task, query)) continue;
    tasks.push_back(task);
    if (task.runner_status_code != RunnerTaskState::kWaiting)
      tasks.back().queue_insertion_time_ms = task.created_time_ms;
  }
  return tasks;
}

std::optional<TaskStatus> TaskDirectory::status(const std::string& id) const {
  if (auto found = queue_.find(id)) return found;
  for (TaskStatus& task : of_runners())
    if (task.id == id) return std::move(task);
  auto stored = queue_.storage().find(id);
  if (!stored) return std::nullopt;
  return std::move(stored->status);
}

std::optional<Json> TaskDirectory::payload(const std::string& id) const {
  return first_answer(runners_, [&](TaskRunner& runner) { return runner.payload(id); });
}

std::optional<Json> TaskDirectory::report(const std::string& id) const {
  return first_answer(runners_, [&](TaskRunner& runner) { return runner.report(id); });
}

std::optional<std::string> TaskDirectory::log(const std::string& id, std::int64_t offset) const {
  return first_answer(runners_, [&](TaskRunner& runner) { return runner.log(id, offset); });
}

bool TaskDirectory::shutdown(const std::string& id, const std::string& reason) const {
  return std::any_of(runners_.begin(), runners_.end(),
                     [&](TaskRunner* runner) { return runner->shutdown(id, reason); });
}

}  // namespace sarsen::server
