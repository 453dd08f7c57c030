#include "ingest/tasks/task_status.h"

#include "storage/base/error.h"
#include "storage/base/interval.h"

namespace sarsen::ingest {

std::string_view to_text(TaskState state) noexcept {
  switch (state) {
    case TaskState::kSuccess:
      return "SUCCESS";
    case TaskState::kFailed:
      return "FAILED";
    case TaskState::kRunning:
      break;
  }
  return "RUNNING";
}

std::string_view to_text(RunnerTaskState state) noexcept {
  switch (state) {
    case RunnerTaskState::kWaiting:
      return "WAITING";
    case RunnerTaskState::kPending:
      return "PENDING";
    case RunnerTaskState::kRunning:
      return "RUNNING";
    case RunnerTaskState::kNone:
      break;
  }
  return "NONE";
}

TaskState parse_task_state(std::string_view text) {
  for (const TaskState state : {TaskState::kRunning, TaskState::kSuccess, TaskState::kFailed})
    if (text == to_text(state)) return state;
  throw Error(ErrorCategory::kInvalidInput, "a task's state is RUNNING, SUCCESS or FAILED, not: " + std::string(text));
}

Json TaskLocation::to_json() const {
  return Json::Object{{"host", host.empty() ? Json() : Json(host)}, {"port", port}, {"tlsPort", tls_port}};
}

Json TaskStatus::to_json() const {
  return Json::Object{{"id", id},
                      {"groupId", group_id},
                      {"type", type},
                      {"createdTime", format_iso(created_time_ms)},
                      {"queueInsertionTime", format_iso(queue_insertion_time_ms)},
                      {"statusCode", to_text(status_code)},
                      {"status", to_text(status_code)},
                      {"runnerStatusCode", to_text(runner_status_code)},
                      {"duration", duration_ms},
                      {"location", location.to_json()},
                      {"dataSource", data_source},
                      {"errorMsg", error_message.empty() ? Json() : Json(error_message)}};
}

}  // namespace sarsen::ingest
