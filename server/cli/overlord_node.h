#pragma once
// The overlord's and the coordinator's part of a server: the queue of tasks and what it works on, the rules of
// retention, and what the API tells of them.

#include <chrono>
#include <string>
#include <vector>

#include "ingest/batch/segment_rows.h"
#include "ingest/deep_storage/segment_use.h"
#include "ingest/deep_storage/served_swap.h"
#include "ingest/retention/retention.h"
#include "ingest/supervisor/compaction_supervisors.h"
#include "ingest/tasks/auto_compaction.h"
#include "ingest/tasks/pending_segments.h"
#include "ingest/tasks/task_queue.h"
#include "ingest/tasks/task_storage.h"
#include "server/api/task_directory.h"
#include "server/cli/data_folder.h"
#include "server/cli/segment_stores.h"
#include "server/http/router.h"

namespace sarsen::server {

/// How often what the coordinator does is done.
struct CoordinatorPeriods {
  std::chrono::milliseconds retention;
  std::chrono::milliseconds compaction;
  std::chrono::milliseconds pending_segments;  // 0: what was left behind of those stays
};

class OverlordNode {
 public:
  /// `workers`: tasks at a time. `serves`: what is published is served from here. REQUIRES: all references outlive it.
  OverlordNode(std::size_t workers, const DataFolder& data, SegmentStores& stores, storage::Catalog& catalog,
               ingest::TaskStorage& storage, ingest::TaskLockbox& locks, bool serves,
               std::vector<ingest::TaskRunner*> others = {});

  /// `host_and_port`: where the overlord is said to be; it may be written until the server listens.
  /// REQUIRES: this and `host_and_port` outlive the router.
  void add_routes(Router& router, const std::string& host_and_port);

  ingest::CompactionSupervisors& compaction_supervisors() noexcept { return compaction_supervisors_; }

  // Each begins to work, with what was left, and may be begun again after its end. By one thread.
  void start_overlord(const std::string& host, int port);
  void stop_overlord();
  void start_coordinator(const CoordinatorPeriods& periods);
  void stop_coordinator();
  /// What the coordinator does with tasks, which is of use beside the overlord only.
  void start_compaction(const CoordinatorPeriods& periods);
  void stop_compaction();

 private:
  ingest::ServedSwap served_;
  ingest::SegmentUse segment_use_;
  ingest::RuleStore rules_;
  ingest::Retention retention_;
  ingest::TaskQueue queue_;
  TaskDirectory tasks_;
  const ingest::SegmentPlaces sampled_;
  ingest::AutoCompaction compaction_;
  ingest::CompactionSupervisors compaction_supervisors_;
  ingest::PendingSegmentDuty pending_segments_;
};

}  // namespace sarsen::server
