#pragma once
// The overlord's queue and its workers in one: tasks wait in the order of their creation for their locks and for one of
// a few threads. What is to survive the process is in the task storage: a task that was not done is run again from its
// beginning, and one that has published is done, as both are one transaction.
//
//   <directory>/<task id>/log          what the task logged
//   <directory>/<task id>/report.json  when it has ended
//
// Thread safety: all methods from any thread.

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ingest/tasks/task.h"
#include "ingest/tasks/task_lockbox.h"
#include "ingest/tasks/task_status.h"
#include "ingest/tasks/task_toolbox.h"
#include "storage/base/error.h"

namespace sarsen::ingest {

struct TaskQueueOptions {
  std::size_t workers = 1;  // druid.worker.capacity
  std::filesystem::path directory;
  std::filesystem::path base_directory;  // of files that specifications name
};

/// There is a task of that id already, running or ended.
class TaskExists : public Error {
 public:
  explicit TaskExists(const std::string& id) : Error(ErrorCategory::kInvalidInput, "Task[" + id + "] already exists") {}
};

class TaskQueue final : public TaskRunner {
 public:
  /// REQUIRES: what `services` refers to outlives it.
  TaskQueue(TaskQueueOptions options, TaskServices services);
  /// Stops.
  ~TaskQueue() override;

  /// Takes up what an earlier process left, or others after a stop, and begins to work. `location` is told of running
  /// tasks.
  void start(TaskLocation location);
  /// Running tasks end without having failed: the next start runs them again.
  void stop();

  /// Returns the task's id; from here on it survives a restart. Throws as parse_task(), TaskExists, and
  /// kCapacityExceeded between a stop and the next start: another process is the overlord.
  std::string add(const Json& specification);

  // Of the queue's own tasks that have not ended.
  std::vector<TaskStatus> tasks() const override;
  std::optional<TaskStatus> find(const std::string& id) const;

  // Of tasks that have ended, too.
  std::optional<Json> payload(const std::string& id) const override;
  std::optional<Json> report(const std::string& id) const override;
  std::optional<std::string> log(const std::string& id, std::int64_t offset) const override;
  bool shutdown(const std::string& id, const std::string& reason) override;

  const TaskQueueOptions& options() const noexcept { return options_; }
  std::size_t used_workers() const;
  /// Of all tasks, those of supervisors too.
  std::vector<TaskLock> locks() const { return services_.locks.all(); }
  TaskStorage& storage() const noexcept { return services_.storage; }
  SupervisorStore& allocation() const noexcept { return services_.allocation; }
  const DeepStorage& deep_storage() const noexcept { return services_.deep_storage; }

 private:
  struct Entry;
  class ShownToolbox;
  using EntryPointer = std::shared_ptr<Entry>;

  void refuse_while_stopped() const;
  void restore();
  void resume(const StoredTask& stored);
  void enqueue(ParsedTask parsed, TaskStatus status);
  void work(std::size_t number);
  bool holds(const std::string& id) const;
  EntryPointer next_runnable();
  EntryPointer try_next_runnable(std::unique_lock<std::mutex>& lock);
  void wait_for_work(std::unique_lock<std::mutex>& lock);
  void run(Entry& entry);
  void attempt(Entry& entry, TaskToolbox& toolbox);
  void succeed(Entry& entry, TaskToolbox& toolbox, const Json& report);
  void fail(Entry& entry, TaskToolbox& toolbox, const std::string& problem);
  void interrupted(Entry& entry, TaskToolbox& toolbox);
  void end(Entry& entry, TaskState state, const std::string& problem, std::int64_t duration_ms);
  void release_locks(const std::string& id);
  bool set_status(Entry& entry, TaskState state, const std::string& problem, std::int64_t duration_ms);
  void finish(const EntryPointer& entry);
  EntryPointer find_entry(const std::string& id) const;
  std::filesystem::path directory_of(const std::string& id) const;

  const TaskQueueOptions options_;
  const TaskServices services_;
  std::mutex appending_;
  TaskLocation location_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<EntryPointer> waiting_;
  std::vector<EntryPointer> running_;
  bool stopping_ = true;  // also before the first start
  std::vector<std::thread> workers_;
};

}  // namespace sarsen::ingest
