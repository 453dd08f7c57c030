#include "ingest/supervisor/chunk_locks.h"

#include <chrono>
#include <thread>

#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::chrono::milliseconds kPoll{50};

}  // namespace

ChunkLocks::ChunkLocks(TaskLockbox& lockbox, const SupervisorSpec& spec, const std::string& task_id,
                       std::function<void(const std::string&)> waits)
    : lockbox_(lockbox),
      owner_{.task_id = task_id, .group_id = "index_kafka_" + spec.id, .priority = spec.priority},
      type_(spec.lock_type),
      data_source_(spec.id),
      waits_(std::move(waits)) {}

/// What cannot be removed from the store is in nobody's way, and removed at the next start.
ChunkLocks::~ChunkLocks() {
  try {
    lockbox_.release(owner_.task_id);
  } catch (const std::exception& error) {
    log_warn("The locks of task[{}] are given back, and stay in the store for now: {}", owner_.task_id, error.what());
  }
}

void ChunkLocks::check() const {
  const auto lost = lockbox_.revoked(owner_.task_id);
  if (lost)
    throw Error(ErrorCategory::kCanceled, "The lock for interval[" + format_iso(lost->interval) +
                                              "] is preempted and no longer valid: a task of higher priority has taken "
                                              "it. The rows are read again when that task has ended");
}

TaskLock ChunkLocks::acquire(const Interval& chunk) {
  const LockRequest request{type_, data_source_, {chunk}};
  check();
  if (auto locks = lockbox_.try_acquire(owner_, request)) return locks->front();
  return wait_for(request);
}

TaskLock ChunkLocks::wait_for(const LockRequest& request) {
  const std::string reason = "Another task holds the lock on " + format_iso(request.intervals.front()) + " of " +
                             data_source_ + ": rows of that time wait for it to end";
  log_info("Task[{}] waits. {}", owner_.task_id, reason);
  waits_(reason);
  while (!stopping_) {
    check();
    if (auto locks = lockbox_.try_acquire(owner_, request)) {
      waits_("");
      return locks->front();
    }
    std::this_thread::sleep_for(kPoll);
  }
  throw Error(ErrorCategory::kCanceled, "The task was told to end while it waited for a lock");
}

ChunkLocks::Publication::Publication(ChunkLocks& locks) : locks_(locks) {
  locks.check();
  locks.lockbox_.begin_publication(locks.owner_.task_id);
}

ChunkLocks::Publication::~Publication() { locks_.lockbox_.end_publication(locks_.owner_.task_id); }

}  // namespace sarsen::ingest
