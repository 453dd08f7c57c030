#pragma once
// Rows of druid_pendingSegments that nobody will publish any more, with what was pushed to deep storage for them: those
// of a task that is over, and, as Druid's coordinator looks for them, those that have been left behind for longer.
//
// Thread safety: from any thread. Errors: what the stores throw.

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "ingest/deep_storage/deep_storage.h"
#include "ingest/duty_group.h"
#include "ingest/metadata/supervisor_store.h"
#include "ingest/realtime/clock.h"
#include "ingest/tasks/task_status.h"
#include "ingest/tasks/task_storage.h"

namespace sarsen::ingest {

/// The files before the rows, so that a crash leaves nothing that nobody knows of. Those of published segments stay.
/// REQUIRES: nobody publishes any of them.
void discard(const std::vector<PendingSegment>& segments, SupervisorStore& store, DeepStorage& deep_storage);

/// From when on pending segments are kept, as in Druid: a day before the oldest task that is active, and before the
/// last that is complete. `latest`: the tasks that are active, and the latest that are complete.
std::int64_t stale_before_ms(const std::vector<TaskStatus>& latest, std::int64_t now_ms);

class PendingSegmentDuty {
 public:
  /// `others`: tasks that are not in `tasks`. REQUIRES: all references outlive it.
  PendingSegmentDuty(const TaskStorage& tasks, SupervisorStore& store, DeepStorage& deep_storage,
                     std::function<std::vector<TaskStatus>()> others, Clock clock = system_clock_ms);

  /// Once, now. How many rows it has removed.
  std::size_t run();

  /// Every `period`, until stop(). What goes wrong is logged; the next run tries again.
  void start(std::chrono::milliseconds period);
  void stop() { duties_.stop(); }
  const DutyGroup& duties() const noexcept { return duties_; }

 private:
  const TaskStorage& tasks_;
  SupervisorStore& store_;
  DeepStorage& deep_storage_;
  const std::function<std::vector<TaskStatus>()> others_;
  const Clock clock_;
  DutyGroup duties_{"MetadataStoreManagementDuties", {"KillStalePendingSegments"}};
};

}  // namespace sarsen::ingest
