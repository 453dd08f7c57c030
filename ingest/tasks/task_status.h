#pragma once
// What is told of a task: Druid's TaskStatusPlus. And the interface of those who run tasks of their own (the readers of
// a supervisor), so that the overlord's API lists, shows and stops them beside the tasks of the queue. A value.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/base/json.h"

namespace sarsen::ingest {

enum class TaskState : std::uint8_t { kRunning, kSuccess, kFailed };

/// What becomes of a task whose TaskState is kRunning; kNone once it has ended.
enum class RunnerTaskState : std::uint8_t {
  kWaiting,  // for its locks
  kPending,  // for a free worker
  kRunning,
  kNone,
};

/// Where a task runs; without a host: nowhere yet.
struct TaskLocation {
  std::string host;
  int port = -1;
  int tls_port = -1;

  /// {"host":null,"port":-1,"tlsPort":-1}
  Json to_json() const;
  bool operator==(const TaskLocation&) const = default;
};

struct TaskStatus {
  std::string id;
  std::string group_id;  // tasks of one group share their locks; mostly the id
  std::string type;      // "index_parallel"
  std::int64_t created_time_ms = 0;
  std::int64_t queue_insertion_time_ms = 0;  // as in Druid, the epoch but in lists of tasks that have not ended
  TaskState status_code = TaskState::kRunning;
  RunnerTaskState runner_status_code = RunnerTaskState::kWaiting;
  std::int64_t duration_ms = -1;  // -1 while it runs
  TaskLocation location;
  std::string data_source;
  std::string error_message;  // empty: none

  bool complete() const noexcept { return status_code != TaskState::kRunning; }
  /// {"id","groupId","type","createdTime","queueInsertionTime","statusCode","status","runnerStatusCode","duration",
  /// "location","dataSource","errorMsg"}
  Json to_json() const;
};

std::string_view to_text(TaskState state) noexcept;        // "RUNNING"
std::string_view to_text(RunnerTaskState state) noexcept;  // "PENDING"

/// Throws kInvalidInput. "SUCCESS", "FAILED", "RUNNING".
TaskState parse_task_state(std::string_view text);

/// One who runs tasks. Thread safety: all methods from any thread; none waits for a task to end.
class TaskRunner {
 public:
  virtual ~TaskRunner() = default;

  /// Its tasks that have not ended, and those that ended of late, in no order.
  virtual std::vector<TaskStatus> tasks() const = 0;

  /// The whole of a task's specification, with "type" and "id"; nullopt where it is not one of its tasks.
  virtual std::optional<Json> payload(const std::string& id) const = 0;

  /// Druid's task report as of now; nullopt where there is none.
  virtual std::optional<Json> report(const std::string& id) const = 0;

  /// What the task has logged, as text; nullopt where there is none. A negative offset counts from the end.
  virtual std::optional<std::string> log(const std::string& id, std::int64_t offset) const = 0;

  /// Asks the task to end as soon as it can, with state kFailed and this reason. False where it is not one of its
  /// tasks that run.
  virtual bool shutdown(const std::string& id, const std::string& reason) = 0;
};

}  // namespace sarsen::ingest
