#pragma once
// What is kept of tasks over a restart, in Druid's tables: druid_tasks, druid_tasklocks, the rows of
// druid_pendingSegments that tasks have allocated, and the dynamic configuration in druid_config. A connection of its
// own to the metadata store's database; each call is one transaction, durable when it returns.
//
// Thread safety: all methods from any thread. Errors: kRuntimeFailure where the database cannot be read or written.

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ingest/metadata/audit_log.h"
#include "ingest/metadata/metadata_database.h"
#include "ingest/realtime/clock.h"
#include "ingest/tasks/task_lock.h"
#include "ingest/tasks/task_status.h"
#include "storage/segment/segment_descriptor.h"

namespace sarsen::ingest {

struct StoredTask {
  TaskStatus status;
  Json payload;
};

class TaskStorage {
 public:
  explicit TaskStorage(const MetadataConfig& config, Clock clock = system_clock_ms);

  /// False where there is a task of that id.
  bool insert(const TaskStatus& status, const Json& payload);
  /// State, duration, error and location of a task that is active; false where it is not.
  bool set_status(const TaskStatus& status);
  std::optional<StoredTask> find(const std::string& id) const;
  /// In the order of their creation.
  std::vector<StoredTask> active() const;
  /// Created since then, the newest first; at most `count_max`.
  std::vector<TaskStatus> complete(std::int64_t created_since_ms, std::size_t count_max) const;

  void add_lock(const std::string& task_id, const TaskLock& lock);
  void replace_lock(const std::string& task_id, const TaskLock& from, const TaskLock& to);
  /// And what others have noted for the task as long as it had them (druid_upgradeSegments).
  void remove_locks(const std::string& task_id);
  /// Supervisors' tasks are not stored: theirs are left to those who know them.
  void remove_locks_of_ended_tasks();
  std::vector<TaskLock> locks(const std::string& task_id) const;

  /// Segments that a task is about to push. They are no longer pending once they are published. kRuntimeFailure where
  /// somebody else is filling one of them: then none is added. `replacing`: they will take the place of all that is
  /// there.
  void add_pending(const std::string& task_id, const std::vector<storage::SegmentDescriptor>& segments,
                   bool replacing = false);
  std::vector<storage::SegmentDescriptor> pending(const std::string& task_id) const;
  /// Of all tasks, those of supervisors too: what lies in deep storage of these counts for nothing.
  std::vector<std::string> pending_ids() const;
  bool is_pending(const storage::SegmentId& id) const;
  /// The task that fills it; nullopt where it is not pending.
  std::optional<std::string> allocator_of(const storage::SegmentId& id) const;
  void remove_pending(const std::string& task_id);
  std::vector<std::string> ended_tasks_with_pending() const;

  /// The payload of druid_config; nullopt where there is no such name.
  std::optional<Json> config(const std::string& name) const;
  /// Notes who did it.
  void set_config(const std::string& name, const Json& payload, const AuditInfo& who = {});
  /// The same of what `change` makes of the payload that is kept, in one transaction.
  using ConfigChange = std::function<Json(const std::optional<Json>&)>;
  void change_config(const std::string& name, const ConfigChange& change, const AuditInfo& who);
  /// As audit_entries().
  Json config_history(const std::string& name, const HistoryRange& range) const;

 private:
  std::optional<Json> kept_config(const std::string& name) const;

  const Clock clock_;
  mutable std::mutex mutex_;
  MetadataDatabase database_;
};

/// Druid's TaskStatus, as it stands in druid_tasks: {"id","status","duration","errorMsg","location"}.
Json status_payload(const TaskStatus& status);

}  // namespace sarsen::ingest
