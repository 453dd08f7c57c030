#pragma once
// The locks of one reading task: it may write a time chunk while it has the chunk's. Tasks of one supervisor share;
// tasks of less priority lose theirs to it, and for others it waits. With locks of type APPEND (useConcurrentLocks) it
// works beside tasks that replace the chunk. Where a task of more priority has taken one, what
// the reading task has not published must not be published any more: it fails, and its rows are read again.
//
// Thread safety: all methods from any thread. What throws for a lost lock throws Error kCanceled.

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "ingest/supervisor/supervisor_spec.h"
#include "ingest/tasks/task_lockbox.h"

namespace sarsen::ingest {

class ChunkLocks {
 public:
  /// `waits` is told why it waits, and an empty text when that is over; on the thread of acquire(). REQUIRES: `lockbox`
  /// outlives it.
  ChunkLocks(TaskLockbox& lockbox, const SupervisorSpec& spec, const std::string& task_id,
             std::function<void(const std::string&)> waits);
  /// Gives them back.
  ~ChunkLocks();
  ChunkLocks(const ChunkLocks&) = delete;
  ChunkLocks& operator=(const ChunkLocks&) = delete;

  const std::string& task_id() const noexcept { return owner_.task_id; }
  /// Whether others may replace the chunks meanwhile.
  bool are_concurrent() const noexcept { return type_ == TaskLockType::kAppend; }

  /// Waits until the task has it. Throws where a lock is lost, or stop() was called.
  TaskLock acquire(const Interval& chunk);
  /// Throws where a lock is lost.
  void check() const;
  /// See TaskLockbox.
  void in_publication(const std::function<void(const ConcurrentTasks&)>& publish) const {
    lockbox_.in_publication(owner_.task_id, data_source_, publish);
  }
  /// acquire() waits no longer.
  void stop() noexcept { stopping_ = true; }

  /// While there is one, no lock is lost. Throws where one is already.
  class Publication {
   public:
    explicit Publication(ChunkLocks& locks);
    ~Publication();
    Publication(const Publication&) = delete;
    Publication& operator=(const Publication&) = delete;

   private:
    ChunkLocks& locks_;
  };

 private:
  TaskLock wait_for(const LockRequest& request);

  TaskLockbox& lockbox_;
  const TaskLockbox::Owner owner_;
  const TaskLockType type_;
  const std::string data_source_;
  const std::function<void(const std::string&)> waits_;
  std::atomic<bool> stopping_{false};
};

}  // namespace sarsen::ingest
