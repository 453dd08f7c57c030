#pragma once
// Who may write which time chunks: Druid's TaskLockbox. Locks of one group never conflict with each other, those of
// others as task_lock.h says. A request of higher priority than all that stand in its way revokes them, unless their
// tasks are publishing. The version of a new lock is the time at which it was given, greater than that of any lock
// before; that of an APPEND lock is always kAppendVersion.
//
// Publications under locks of types APPEND and REPLACE of one process come one after the other (in_publication): what
// one of them notes for the other is complete.
//
// Locks are kept in the task storage, so that a task that is run again after a restart writes the same versions. A
// supervisor's task ends with the process: what is stored of its locks then is removed by the next one.
// Thread safety: all methods from any thread.

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ingest/metadata/metadata_store.h"
#include "ingest/realtime/clock.h"
#include "ingest/tasks/task_lock.h"
#include "ingest/tasks/task_storage.h"

namespace sarsen::ingest {

class TaskLockbox {
 public:
  struct Owner {
    std::string task_id;
    std::string group_id;
    int priority = 0;
  };

  /// REQUIRES: `storage` outlives it.
  explicit TaskLockbox(TaskStorage& storage, Clock clock = system_clock_ms)
      : storage_(storage), clock_(std::move(clock)) {}

  /// One lock for each interval, those the task has already included; nullopt, and none, where others stand in the way.
  std::optional<std::vector<TaskLock>> try_acquire(const Owner& owner, const LockRequest& request);

  /// The task's locks from before a restart.
  void restore(const std::string& task_id);

  /// From here on the task's locks cannot be revoked. Throws kCanceled where one was.
  void begin_publication(const std::string& task_id);
  /// Of a task that goes on: they can be revoked again.
  void end_publication(const std::string& task_id);

  /// Runs `publish`, alone, and while no lock is given or lost. It must not call the lockbox, and may take as long as
  /// the metadata store takes. Throws kCanceled where the task has lost a lock, and what `publish` throws.
  void in_publication(const std::string& task_id, const std::string& data_source,
                      const std::function<void(const ConcurrentTasks&)>& publish);

  /// A lock that the task has lost; nullopt where there is none.
  std::optional<TaskLock> revoked(const std::string& task_id) const;

  /// Locks are only in the store, as at first.
  void forget();
  void release(const std::string& task_id);

  std::vector<TaskLock> locks(const std::string& task_id) const;
  std::vector<TaskLock> all() const;
  /// Of types APPEND and REPLACE.
  ConcurrentTasks concurrent(const std::string& data_source) const;

 private:
  struct Held {
    std::string task_id;
    TaskLock lock;
    bool publishing = false;
  };

  std::vector<Held*> in_the_way(const Owner& owner, const LockRequest& request, const Interval& interval);
  const TaskLock* own(const std::string& task_id, const LockRequest& request, const Interval& interval) const;
  void revoke(Held& held);
  std::string version_of(TaskLockType type);
  std::string next_version();
  void check_not_revoked(const std::string& task_id) const;
  ConcurrentTasks concurrent_tasks(const std::string& data_source) const;

  TaskStorage& storage_;
  const Clock clock_;
  mutable std::mutex mutex_;
  std::vector<Held> held_;
  std::int64_t last_version_ms_ = 0;
};

}  // namespace sarsen::ingest
