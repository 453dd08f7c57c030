#pragma once
// What state a supervisor is in, from how its runs and tasks end: Druid's SupervisorStateManager. Three failures in a
// row make it unhealthy, three successes healthy again. Not thread-safe: its supervisor has a lock.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "storage/base/json.h"

namespace sarsen::ingest {

enum class SupervisorState : std::uint8_t {
  kUnhealthySupervisor,
  kUnhealthyTasks,
  kUnableToConnectToStream,  // never connected yet
  kLostContactWithStream,
  kPending,
  kConnectingToStream,
  kDiscoveringInitialTasks,
  kCreatingTasks,
  kRunning,
  kIdle,
  kSuspended,
  kStopping,
};

/// As detailedState: "LOST_CONTACT_WITH_STREAM"; and as state: "UNHEALTHY_SUPERVISOR".
std::string_view detailed_text(SupervisorState state) noexcept;
std::string_view basic_text(SupervisorState state) noexcept;
/// Also of a supervisor that has not begun yet.
bool is_healthy(SupervisorState state) noexcept;

struct SupervisorError {
  std::int64_t time_ms = 0;
  std::string exception_class;  // Druid's name for it
  std::string message;
  bool of_stream = false;

  Json to_json() const;
};

class SupervisorStateMachine {
 public:
  explicit SupervisorStateMachine(bool suspended)
      : steady_(suspended ? SupervisorState::kSuspended : SupervisorState::kRunning) {}

  SupervisorState state() const noexcept { return state_; }
  const std::deque<SupervisorError>& errors() const noexcept { return errors_; }
  bool has_run() const noexcept { return has_run_; }

  /// A step of the first run, or idleness: told unless the supervisor is unhealthy.
  void propose(SupervisorState state);
  /// Told, and nothing more.
  void note_error(SupervisorError error);
  /// The present run fails by it.
  void record_error(SupervisorError error);
  void record_task(bool succeeded);
  void finish_run();
  void stop() noexcept { state_ = SupervisorState::kStopping; }

 private:
  SupervisorState unhealthy_state() const noexcept;

  const SupervisorState steady_;
  SupervisorState state_ = SupervisorState::kPending;
  std::deque<SupervisorError> errors_;  // the newest last
  bool has_run_ = false;                // at least once with success
  bool run_succeeds_ = true;
  std::uint32_t failed_runs_ = 0;  // in a row
  std::uint32_t good_runs_ = 0;
  std::uint32_t failed_tasks_ = 0;
  std::uint32_t good_tasks_ = 0;
  bool was_unhealthy_ = false;
  bool tasks_were_unhealthy_ = false;
};

}  // namespace sarsen::ingest
