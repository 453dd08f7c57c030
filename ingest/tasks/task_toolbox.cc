#include "ingest/tasks/task_toolbox.h"

#include <algorithm>
#include <utility>

#include "ingest/fault_point.h"
#include "ingest/tasks/replaced_chunks.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::chrono::milliseconds kLockPoll{50};

}  // namespace

TaskToolbox::TaskToolbox(const TaskIdentity& identity, const TaskServices& services, std::mutex& appending,
                         TaskInterrupt& interrupt, std::filesystem::path directory, TaskLocation location)
    : identity_(identity),
      services_(services),
      appending_(appending, std::defer_lock),
      interrupt_(interrupt),
      directory_(std::move(directory)),
      location_(std::move(location)),
      started_ms_(services.clock()) {}

TaskToolbox::~TaskToolbox() = default;

OutputLayout TaskToolbox::output(TaskLockType type) {
  lock_type_ = type;
  OutputLayout layout{OutputLayout::Kind::kDeepStorage, services_.deep_storage_root};
  layout.metadata = &services_.metadata;
  layout.deep_storage = &services_.deep_storage;
  layout.publication = this;
  layout.staging = directory_;
  if (type == TaskLockType::kReplace) layout.replacing_task = identity_.id;
  return layout;
}

std::vector<TaskLock> TaskToolbox::acquire(const LockRequest& request) {
  const std::int64_t until_ms = services_.clock() + identity_.lock_timeout_ms;
  while (true) {
    interrupt_.check();
    if (auto locks = services_.locks.try_acquire(owner(), request)) return *std::move(locks);
    if (services_.clock() >= until_ms)
      throw Error(ErrorCategory::kTimeout,
                  "Other tasks hold locks on the intervals that this one writes to " + request.data_source +
                      "; taskLockTimeout has passed: " + std::to_string(identity_.lock_timeout_ms) + " ms");
    interrupt_.sleep(kLockPoll);
  }
}

/// What it tells is why the task waits.
void TaskToolbox::wait_while(const std::function<std::optional<std::string>()>& problem) {
  const std::int64_t until_ms = services_.clock() + identity_.lock_timeout_ms;
  interrupt_.sleep(kLockPoll);
  while (const auto told = problem()) {
    if (services_.clock() >= until_ms)
      throw Error(ErrorCategory::kTimeout,
                  *told + "; taskLockTimeout has passed: " + std::to_string(identity_.lock_timeout_ms) + " ms");
    interrupt_.sleep(kLockPoll);
  }
}

/// A newer version would hide rows that are still coming in. The lock keeps supervisors' tasks from allocating
/// segments; those of a task that has lost its lock go in a moment, or become published ones where they were committed
/// before. Realtime nodes know of no locks.
void TaskToolbox::wait_for_hand_off(TaskLockType type, const std::vector<Interval>& chunks) {
  wait_while([&]() -> std::optional<std::string> {
    const auto live = segment_in_the_way(services_, identity_.data_source, chunks, type);
    if (!live) return std::nullopt;
    return "Rows are being added to segment[" + live->text() + "], which this task would replace";
  });
}

void TaskToolbox::release_locks() { services_.locks.release(identity_.id); }

void TaskToolbox::begin(const std::vector<Interval>& chunks) {
  acquire({lock_type_, identity_.data_source, chunks});
  interrupt_.check();
  if (lock_type_ == TaskLockType::kExclusive || lock_type_ == TaskLockType::kReplace)
    wait_for_hand_off(lock_type_, chunks);
  if (lock_type_ == TaskLockType::kShared) appending_.lock();
  services_.locks.begin_publication(identity_.id);
  fault_point("task.begin");
}

std::string TaskToolbox::version(const Interval& chunk) const {
  std::string version;
  for (const TaskLock& lock : services_.locks.locks(identity_.id))
    if (lock.interval.contains(chunk)) version = std::max(version, lock.version);
  return version;
}

bool TaskToolbox::is_taken(const storage::SegmentId& id) const {
  if (services_.metadata.find(id) || services_.storage.is_pending(id)) return true;
  const auto timelines = services_.catalog.snapshot();
  const auto timeline = timelines->find(id.data_source);
  return timeline != timelines->end() && timeline->second->entries().contains(id);
}

/// In the present version of the chunk, which may have become a larger one.
AllocatedSegment TaskToolbox::allocate(const Interval& interval, std::size_t number) {
  AllocationRequest request{.data_source = identity_.data_source,
                            .sequence = identity_.id + "_" + std::to_string(number),
                            .allocator_id = identity_.id,
                            .time_ms = interval.start_ms,
                            .intervals = {interval},
                            .version = std::string(kAppendVersion)};
  while (true) {
    request.locked = services_.allocation.chunk_of(request);
    if (!request.locked.contains(interval))
      throw Error(ErrorCategory::kInvalidInput, "Could not allocate segment for rows of " + format_iso(interval) +
                                                    ": the chunk there is " + format_iso(request.locked));
    acquire({TaskLockType::kAppend, identity_.data_source, {request.locked}});
    try {
      return services_.allocation.allocate(request);
    } catch (const ChunkChanged& changed) {
      log_info("{}", changed.what());
    }
  }
}

void TaskToolbox::announce(std::vector<storage::SegmentDescriptor>& segments) {
  if (allocates()) {
    for (std::size_t i = 0; i < segments.size(); ++i) {
      AllocatedSegment allocated = allocate(segments[i].id.interval, i);
      segments[i].shard_spec = storage::numbered_shard_spec(allocated.id.partition, allocated.core_partitions);
      segments[i].core_partitions = allocated.core_partitions;
      segments[i].id = std::move(allocated.id);
    }
  } else {
    services_.storage.add_pending(identity_.id, segments, lock_type_ == TaskLockType::kReplace);
  }
  fault_point("task.announced");
}

TaskCompletion TaskToolbox::completion() const {
  TaskStatus status;
  status.id = identity_.id;
  status.status_code = TaskState::kSuccess;
  status.duration_ms = elapsed_ms();
  status.location = location_;
  return {identity_.id, status_payload(status).dump(), replaced_};
}

void TaskToolbox::publish(const std::vector<storage::SegmentDescriptor>& segments, const ConcurrentTasks& tasks) {
  if (lock_type_ == TaskLockType::kAppend) {
    published_ = services_.metadata.publish_appended(segments, tasks, {}, completion());
    return;
  }
  Replacement done = services_.metadata.publish_replacing(identity_.data_source, segments, tasks, completion());
  published_ = segments;
  for (storage::SegmentDescriptor& appended : done.appended) published_.push_back(std::move(appended));
  upgraded_ = std::move(done.pending);
}

void TaskToolbox::publish(const std::vector<storage::SegmentDescriptor>& segments) {
  fault_point("task.pushed");
  if (lock_type_ == TaskLockType::kAppend || lock_type_ == TaskLockType::kReplace) {
    services_.locks.in_publication(identity_.id, identity_.data_source,
                                   [&](const ConcurrentTasks& tasks) { publish(segments, tasks); });
  } else {
    services_.metadata.publish(segments, {}, completion());
    published_ = segments;
  }
  has_published_ = true;
  if (appending_.owns_lock()) appending_.unlock();
  log_info("Published [{}] segments", published_.size());
  fault_point("task.published");
}

void TaskToolbox::set_report(Json report) {
  const std::lock_guard lock(report_mutex_);
  report_ = std::move(report);
}

Json TaskToolbox::report() const {
  const std::lock_guard lock(report_mutex_);
  return report_;
}

void TaskToolbox::discard_pending() {
  discard_pending_segments(identity_.id, services_.storage, services_.deep_storage);
}

void discard_pending_segments(const std::string& task_id, TaskStorage& storage, DeepStorage& deep_storage) {
  for (storage::SegmentDescriptor& segment : storage.pending(task_id)) {
    segment.load_spec = Json();  // there is none until it is pushed
    deep_storage.remove(segment);
    log_info("Segment[{}] was not published and is deleted", segment.id.text());
  }
  storage.remove_pending(task_id);
}

}  // namespace sarsen::ingest
