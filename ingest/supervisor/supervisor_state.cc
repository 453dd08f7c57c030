#include "ingest/supervisor/supervisor_state.h"

#include <utility>

#include "storage/base/interval.h"

namespace sarsen::ingest {
namespace {

/// druid.supervisor.unhealthinessThreshold and its relatives, and how many errors are kept.
constexpr std::uint32_t kThreshold = 3;
constexpr std::size_t kErrorsMax = 3;

bool is_first_run_only(SupervisorState state) noexcept {
  return state == SupervisorState::kConnectingToStream || state == SupervisorState::kDiscoveringInitialTasks ||
         state == SupervisorState::kCreatingTasks;
}

}  // namespace

std::string_view detailed_text(SupervisorState state) noexcept {
  switch (state) {
    case SupervisorState::kUnhealthySupervisor:
      return "UNHEALTHY_SUPERVISOR";
    case SupervisorState::kUnhealthyTasks:
      return "UNHEALTHY_TASKS";
    case SupervisorState::kUnableToConnectToStream:
      return "UNABLE_TO_CONNECT_TO_STREAM";
    case SupervisorState::kLostContactWithStream:
      return "LOST_CONTACT_WITH_STREAM";
    case SupervisorState::kPending:
      return "PENDING";
    case SupervisorState::kConnectingToStream:
      return "CONNECTING_TO_STREAM";
    case SupervisorState::kDiscoveringInitialTasks:
      return "DISCOVERING_INITIAL_TASKS";
    case SupervisorState::kCreatingTasks:
      return "CREATING_TASKS";
    case SupervisorState::kRunning:
      return "RUNNING";
    case SupervisorState::kIdle:
      return "IDLE";
    case SupervisorState::kSuspended:
      return "SUSPENDED";
    case SupervisorState::kStopping:
      return "STOPPING";
  }
  return "";
}

std::string_view basic_text(SupervisorState state) noexcept {
  if (state == SupervisorState::kUnableToConnectToStream || state == SupervisorState::kLostContactWithStream)
    return detailed_text(SupervisorState::kUnhealthySupervisor);
  if (is_first_run_only(state)) return detailed_text(SupervisorState::kRunning);
  return detailed_text(state);
}

bool is_healthy(SupervisorState state) noexcept { return state > SupervisorState::kLostContactWithStream; }

Json SupervisorError::to_json() const {
  return Json::Object{{"timestamp", format_iso(time_ms)},
                      {"exceptionClass", exception_class},
                      {"message", message},
                      {"streamException", of_stream}};
}

void SupervisorStateMachine::note_error(SupervisorError error) {
  if (errors_.size() == kErrorsMax) errors_.pop_front();
  errors_.push_back(std::move(error));
}

void SupervisorStateMachine::record_error(SupervisorError error) {
  run_succeeds_ = false;
  note_error(std::move(error));
}

void SupervisorStateMachine::record_task(bool succeeded) {
  good_tasks_ = succeeded ? good_tasks_ + 1 : 0;
  failed_tasks_ = succeeded ? 0 : failed_tasks_ + 1;
}

void SupervisorStateMachine::finish_run() {
  has_run_ = has_run_ || run_succeeds_;
  good_runs_ = run_succeeds_ ? good_runs_ + 1 : 0;
  failed_runs_ = run_succeeds_ ? 0 : failed_runs_ + 1;
  if (state_ != SupervisorState::kIdle) propose(steady_);
  run_succeeds_ = true;
}

/// By the last error.
SupervisorState SupervisorStateMachine::unhealthy_state() const noexcept {
  if (errors_.empty() || !errors_.back().of_stream) return SupervisorState::kUnhealthySupervisor;
  return has_run_ ? SupervisorState::kLostContactWithStream : SupervisorState::kUnableToConnectToStream;
}

void SupervisorStateMachine::propose(SupervisorState state) {
  if (state_ == SupervisorState::kStopping) return;
  if (failed_runs_ >= kThreshold) {
    was_unhealthy_ = true;
    state_ = unhealthy_state();
    return;
  }
  if (failed_tasks_ >= kThreshold) {
    tasks_were_unhealthy_ = true;
    state_ = SupervisorState::kUnhealthyTasks;
    return;
  }
  const bool recovering =
      (was_unhealthy_ && good_runs_ < kThreshold) || (tasks_were_unhealthy_ && good_tasks_ < kThreshold);
  if (recovering && !is_healthy(state_)) return;
  was_unhealthy_ = tasks_were_unhealthy_ = false;
  if (state == steady_ && !has_run_) return;
  if (!is_first_run_only(state) || !has_run_) state_ = state;
}

}  // namespace sarsen::ingest
