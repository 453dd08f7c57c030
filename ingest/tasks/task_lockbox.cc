#include "ingest/tasks/task_lockbox.h"

#include <algorithm>

#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {

std::string TaskLockbox::next_version() {
  last_version_ms_ = std::max(clock_(), last_version_ms_ + 1);
  return format_iso(last_version_ms_);
}

std::string TaskLockbox::version_of(TaskLockType type) {
  return type == TaskLockType::kAppend ? std::string(kAppendVersion) : next_version();
}

std::vector<TaskLockbox::Held*> TaskLockbox::in_the_way(const Owner& owner, const LockRequest& request,
                                                        const Interval& interval) {
  std::vector<Held*> found;
  for (Held& held : held_) {
    const TaskLock& lock = held.lock;
    if (lock.revoked || lock.group_id == owner.group_id || lock.data_source != request.data_source ||
        !lock.interval.overlaps(interval) || may_coexist(lock, request.type, interval))
      continue;
    found.push_back(&held);
  }
  return found;
}

const TaskLock* TaskLockbox::own(const std::string& task_id, const LockRequest& request,
                                 const Interval& interval) const {
  for (const Held& held : held_)
    if (held.task_id == task_id && !held.lock.revoked && held.lock.type == request.type &&
        held.lock.data_source == request.data_source && held.lock.interval.contains(interval))
      return &held.lock;
  return nullptr;
}

void TaskLockbox::revoke(Held& held) {
  TaskLock revoked = held.lock;
  revoked.revoked = true;
  storage_.replace_lock(held.task_id, held.lock, revoked);
  held.lock = revoked;
  log_info("Revoked the lock of task[{}] on {} of {}", held.task_id, format_iso(revoked.interval), revoked.data_source);
}

std::optional<std::vector<TaskLock>> TaskLockbox::try_acquire(const Owner& owner, const LockRequest& request) {
  const std::lock_guard lock(mutex_);
  std::vector<Held*> revocable;
  for (const Interval& interval : request.intervals) {
    if (own(owner.task_id, request, interval) != nullptr) continue;
    for (Held* held : in_the_way(owner, request, interval)) {
      if (held->publishing || held->lock.priority >= owner.priority) return std::nullopt;
      revocable.push_back(held);
    }
  }
  for (Held* held : revocable)
    if (!held->lock.revoked) revoke(*held);
  std::vector<TaskLock> locks;
  for (const Interval& interval : request.intervals) {
    if (const TaskLock* there = own(owner.task_id, request, interval)) {
      locks.push_back(*there);
      continue;
    }
    TaskLock added{request.type,   owner.group_id, request.data_source, interval, version_of(request.type),
                   owner.priority, false};
    storage_.add_lock(owner.task_id, added);
    held_.push_back({owner.task_id, added, false});
    locks.push_back(std::move(added));
  }
  return locks;
}

void TaskLockbox::restore(const std::string& task_id) {
  const std::lock_guard lock(mutex_);
  for (TaskLock& stored : storage_.locks(task_id)) {
    last_version_ms_ = std::max(last_version_ms_, parse_iso(stored.version));
    held_.push_back({task_id, std::move(stored), false});
  }
}

void TaskLockbox::check_not_revoked(const std::string& task_id) const {
  for (const Held& held : held_)
    if (held.task_id == task_id && held.lock.revoked)
      throw Error(ErrorCategory::kCanceled, "A task of higher priority has taken the lock on " +
                                                format_iso(held.lock.interval) + " of " + held.lock.data_source +
                                                "; run the task again");
}

void TaskLockbox::begin_publication(const std::string& task_id) {
  const std::lock_guard lock(mutex_);
  check_not_revoked(task_id);
  for (Held& held : held_)
    if (held.task_id == task_id) held.publishing = true;
}

void TaskLockbox::end_publication(const std::string& task_id) {
  const std::lock_guard lock(mutex_);
  for (Held& held : held_)
    if (held.task_id == task_id) held.publishing = false;
}

void TaskLockbox::in_publication(const std::string& task_id, const std::string& data_source,
                                 const std::function<void(const ConcurrentTasks&)>& publish) {
  const std::lock_guard lock(mutex_);
  check_not_revoked(task_id);
  publish(concurrent_tasks(data_source));
}

ConcurrentTasks TaskLockbox::concurrent_tasks(const std::string& data_source) const {
  ConcurrentTasks tasks;
  for (const Held& held : held_) {
    if (held.lock.revoked || held.lock.data_source != data_source) continue;
    if (held.lock.type == TaskLockType::kReplace)
      tasks.replacing.push_back({held.task_id, held.lock.interval, held.lock.version});
    if (held.lock.type == TaskLockType::kAppend) tasks.appending.insert(held.task_id);
  }
  return tasks;
}

ConcurrentTasks TaskLockbox::concurrent(const std::string& data_source) const {
  const std::lock_guard lock(mutex_);
  return concurrent_tasks(data_source);
}

std::optional<TaskLock> TaskLockbox::revoked(const std::string& task_id) const {
  const std::lock_guard lock(mutex_);
  for (const Held& held : held_)
    if (held.task_id == task_id && held.lock.revoked) return held.lock;
  return std::nullopt;
}

void TaskLockbox::forget() {
  const std::lock_guard lock(mutex_);
  held_.clear();
}

void TaskLockbox::release(const std::string& task_id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(held_, [&](const Held& held) { return held.task_id == task_id; });
  storage_.remove_locks(task_id);
}

std::vector<TaskLock> TaskLockbox::locks(const std::string& task_id) const {
  const std::lock_guard lock(mutex_);
  std::vector<TaskLock> locks;
  for (const Held& held : held_)
    if (held.task_id == task_id) locks.push_back(held.lock);
  return locks;
}

std::vector<TaskLock> TaskLockbox::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<TaskLock> locks;
  for (const Held& held : held_) locks.push_back(held.lock);
  return locks;
}

}  // namespace sarsen::ingest
