#pragma once
// Automatic compaction: looks now and then for chunks that are not as their data source's configuration wants them, and
// submits compact tasks for them, in the order of the policy. Thread safety: all methods from any thread.

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "ingest/duty_group.h"
#include "ingest/tasks/compaction_config.h"
#include "ingest/tasks/task_queue.h"
#include "storage/segment/catalog.h"

namespace sarsen::ingest {

/// Of one data source: what is compacted, what waits for it, and what is left alone.
struct CompactionProgress {
  struct Amount {
    std::int64_t bytes = 0;
    std::int64_t segments = 0;
    std::int64_t intervals = 0;
  };
  Amount compacted;
  Amount awaiting;
  Amount skipped;  // too late, too large, or being written to
  /// One time chunk.
  struct Candidate {
    Interval interval;
    std::int64_t segments = 0;
    std::int64_t bytes = 0;
    std::string reason;  // why it is to be compacted, or left alone
  };
  std::vector<Candidate> done;
  std::vector<Candidate> waiting;  // the newest first
  std::vector<Candidate> left_alone;

  bool is_empty() const noexcept { return done.empty() && waiting.empty() && left_alone.empty(); }
};

class AutoCompaction {
 public:
  /// REQUIRES: all references outlive it.
  AutoCompaction(TaskQueue& queue, const MetadataStore& metadata, const storage::Catalog& catalog)
      : queue_(queue), metadata_(metadata), catalog_(catalog) {}

  void start(std::chrono::milliseconds period);
  void stop() { duties_.stop(); }
  const DutyGroup& duties() const noexcept { return duties_; }

  CompactionConfig config() const { return CompactionConfig::parse(queue_.storage().config(kCompactionConfigName)); }
  /// `change` returns false where there is nothing to be changed; so does this then. Throws as it does.
  bool change_config(const std::function<bool(CompactionConfig&)>& change, const AuditInfo& who = {});
  /// What has become of a data source's configuration and the cluster's: Druid's entries, {"globalConfig",
  /// "compactionConfig", "auditInfo", "auditTime"}, the oldest first unless `range` has a count.
  Json history(const std::string& data_source, const HistoryRange& range) const;

  CompactionProgress progress(const DataSourceCompaction& compaction, const CompactionPolicy& policy) const {
    return progress(compaction, policy, active_tasks());
  }

  /// The coordinator's part: submits what there are slots for, unless coordination pauses or supervisors do it; the ids
  /// of the tasks.
  std::vector<std::string> run_once();
  /// The same for this configuration, whoever has it. Tasks that make chunks of another size than it wants are ended.
  std::vector<std::string> run(const CompactionConfig& config);

 private:
  /// A compact task that has not ended.
  struct ActiveTask {
    std::string id;
    std::string data_source;
    std::optional<Interval> interval;  // absent where it names segments
    Json payload;
  };
  std::vector<ActiveTask> active_tasks() const;
  CompactionProgress progress(const DataSourceCompaction& compaction, const CompactionPolicy& policy,
                              const std::vector<ActiveTask>& active) const;
  void end_outdated(const CompactionConfig& config);

  TaskQueue& queue_;
  const MetadataStore& metadata_;
  const storage::Catalog& catalog_;
  std::mutex config_mutex_;
  DutyGroup duties_{"IndexingServiceDuties", {"CompactSegments"}};
};

}  // namespace sarsen::ingest
