#include "ingest/tasks/task_toolbox.h"

#include <algorithm>
#include <utility>

#include "ingest/fault_point.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::chrono::milliseconds kLockPoll{50};

/// A segment of the data source that is being filled in one of the chunks; nullopt where there is none.
std::optional<storage::SegmentId> live_segment(const storage::Catalog& catalog, const std::string& data_source,
                                               const std::vector<Interval>& chunks) {
  const auto timelines = catalog.snapshot();
  const auto timeline = timelines->find(data_source);
  if (timeline == timelines->end()) return std::nullopt;
  for (const auto& [id, entry] : timeline->second->entries())
    if (entry.segment->is_realtime() &&
        std::any_of(chunks.begin(), chunks.end(), [&](const Interval& chunk) { return chunk.overlaps(id.interval); }))
      return id;
  return std::nullopt;
}

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

/// A newer version would hide rows that are still coming in. The lock keeps supervisors' tasks from allocating
/// segments; those of a task that has lost its lock go in a moment, or become published ones where they were committed
/// before. Realtime nodes know of no locks.
void TaskToolbox::wait_for_hand_off(const std::vector<Interval>& chunks) {
  const std::int64_t until_ms = services_.clock() + identity_.lock_timeout_ms;
  interrupt_.sleep(kLockPoll);
  while (const auto live = live_segment(services_.catalog, identity_.data_source, chunks)) {
    if (services_.clock() >= until_ms)
      throw Error(ErrorCategory::kTimeout, "Rows are being added to segment[" + live->text() +
                                               "], which this task would replace; taskLockTimeout has passed: " +
                                               std::to_string(identity_.lock_timeout_ms) + " ms");
    interrupt_.sleep(kLockPoll);
  }
}

void TaskToolbox::release_locks() { services_.locks.release(identity_.id); }

void TaskToolbox::begin(const std::vector<Interval>& chunks) {
  acquire({lock_type_, identity_.data_source, chunks});
  interrupt_.check();
  if (lock_type_ == TaskLockType::kExclusive) wait_for_hand_off(chunks);
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

void TaskToolbox::announce(const std::vector<storage::SegmentDescriptor>& segments) {
  services_.storage.add_pending(identity_.id, segments);
  fault_point("task.announced");
}

void TaskToolbox::publish(const std::vector<storage::SegmentDescriptor>& segments) {
  fault_point("task.pushed");
  TaskStatus status;
  status.id = identity_.id;
  status.status_code = TaskState::kSuccess;
  status.duration_ms = elapsed_ms();
  status.location = location_;
  services_.metadata.publish(segments, {}, TaskCompletion{identity_.id, status_payload(status).dump(), replaced_});
  has_published_ = true;
  published_ = segments;
  if (appending_.owns_lock()) appending_.unlock();
  log_info("Published [{}] segments", segments.size());
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
