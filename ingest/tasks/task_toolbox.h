#pragma once
// What a running task works with: its folder, the stores, locks and the end of the task by publication. Used on the
// task's thread, except interrupt() and report(), which are thread-safe.

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ingest/batch/segment_output.h"
#include "ingest/deep_storage/served_swap.h"
#include "ingest/metadata/supervisor_store.h"
#include "ingest/tasks/task.h"
#include "ingest/tasks/task_interrupt.h"
#include "ingest/tasks/task_lockbox.h"
#include "ingest/tasks/task_storage.h"

namespace sarsen::ingest {

/// What all tasks of a process share.
struct TaskServices {
  MetadataStore& metadata;
  SupervisorStore& allocation;  // of segments under APPEND locks
  DeepStorage& deep_storage;
  const std::filesystem::path deep_storage_root;  // where segments lie that were put there by hand
  ServedSwap& served;
  storage::Catalog& catalog;
  TaskStorage& storage;
  TaskLockbox& locks;
  Clock clock = system_clock_ms;
};

class TaskToolbox final : public Publication {
 public:
  /// REQUIRES: all references outlive it. `directory` is the task's own.
  TaskToolbox(const TaskIdentity& identity, const TaskServices& services, std::mutex& appending,
              TaskInterrupt& interrupt, std::filesystem::path directory, TaskLocation location = {});
  ~TaskToolbox() override;

  const TaskIdentity& identity() const noexcept { return identity_; }
  const TaskServices& services() const noexcept { return services_; }
  const std::filesystem::path& directory() const noexcept { return directory_; }
  TaskInterrupt& interrupt() noexcept { return interrupt_; }

  /// Where the task's segments go: published under locks of this type when all are written, which ends the task.
  OutputLayout output(TaskLockType type);
  bool has_published() const noexcept { return has_published_; }
  const std::vector<storage::SegmentDescriptor>& published() const noexcept { return published_; }
  /// What others fill still, and answers in the version of what is published, too.
  const std::vector<UpgradedSegment>& upgraded() const noexcept { return upgraded_; }
  std::int64_t elapsed_ms() const { return services_.clock() - started_ms_; }

  /// Waits until the task has the locks, or the task's time for that is over.
  std::vector<TaskLock> acquire(const LockRequest& request);

  void release_locks();

  /// Until no rows are being added to the chunks, which the task has locked, but those that are upgraded when it
  /// publishes. Throws where that takes too long.
  void wait_for_hand_off(TaskLockType type, const std::vector<Interval>& chunks);

  /// Segments that go out of use when the task publishes, hidden or not.
  void replace(std::vector<storage::SegmentId> ids) { replaced_ = std::move(ids); }
  const std::vector<storage::SegmentId>& replaced() const noexcept { return replaced_; }

  /// The state of the work, to be shown before the task ends.
  void set_report(Json report);
  Json report() const;

  /// What an attempt that did not publish has pushed to deep storage.
  void discard_pending();

  void begin(const std::vector<Interval>& chunks) override;
  std::string version(const Interval& chunk) const override;
  bool is_taken(const storage::SegmentId& id) const override;
  bool allocates() const override { return lock_type_ == TaskLockType::kAppend; }
  void announce(std::vector<storage::SegmentDescriptor>& segments) override;
  void publish(const std::vector<storage::SegmentDescriptor>& segments) override;

 private:
  TaskLockbox::Owner owner() const { return {identity_.id, identity_.group_id, identity_.priority}; }
  void wait_while(const std::function<std::optional<std::string>()>& problem);
  AllocatedSegment allocate(const Interval& interval, std::size_t number);
  TaskCompletion completion() const;
  void publish(const std::vector<storage::SegmentDescriptor>& segments, const ConcurrentTasks& tasks);

  const TaskIdentity& identity_;
  const TaskServices& services_;
  std::unique_lock<std::mutex> appending_;  // one task at a time gives its segments their numbers
  TaskInterrupt& interrupt_;
  const std::filesystem::path directory_;
  const TaskLocation location_;
  const std::int64_t started_ms_;
  TaskLockType lock_type_ = TaskLockType::kExclusive;
  std::vector<storage::SegmentId> replaced_;
  bool has_published_ = false;
  std::vector<storage::SegmentDescriptor> published_;
  std::vector<UpgradedSegment> upgraded_;
  mutable std::mutex report_mutex_;
  Json report_;
};

/// Deletes from deep storage what a task has pushed and will not publish.
void discard_pending_segments(const std::string& task_id, TaskStorage& storage, DeepStorage& deep_storage);

}  // namespace sarsen::ingest
