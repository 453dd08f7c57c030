#include "server/cli/overlord_node.h"

#include <filesystem>
#include <utility>

#include "ingest/tasks/coordinator_config.h"
#include "server/api/compaction.h"
#include "server/api/coordinator_config.h"
#include "server/api/coordinator_duties.h"
#include "server/api/overlord.h"
#include "server/api/overlord_compaction.h"
#include "server/api/rules.h"
#include "server/api/sampler.h"
#include "server/api/segment_use.h"
#include "server/api/tasks.h"

namespace sarsen::server {
namespace {

std::vector<ingest::TaskStatus> tasks_of(const std::vector<ingest::TaskRunner*>& runners) {
  std::vector<ingest::TaskStatus> tasks;
  for (const ingest::TaskRunner* runner : runners)
    for (ingest::TaskStatus& task : runner->tasks()) tasks.push_back(std::move(task));
  return tasks;
}

}  // namespace

OverlordNode::OverlordNode(std::size_t workers, const DataFolder& data, SegmentStores& stores,
                           storage::Catalog& catalog, ingest::TaskStorage& storage, ingest::TaskLockbox& locks,
                           bool serves, std::vector<ingest::TaskRunner*> others)
    : served_(stores.metadata(), stores.cache(), catalog, serves),
      segment_use_(stores.metadata(), served_),
      rules_(stores.metadata_config()),
      retention_(rules_, stores.metadata(), segment_use_, served_, ingest::system_clock_ms,
                 [&storage] { return ingest::coordination_pauses(storage); }),
      queue_({.workers = workers, .directory = data.tasks(), .base_directory = std::filesystem::current_path()},
             {.metadata = stores.metadata(),
              .allocation = stores.supervisors(),
              .deep_storage = stores.deep_storage(),
              .deep_storage_root = stores.deep_storage_root(),
              .served = served_,
              .catalog = catalog,
              .storage = storage,
              .locks = locks}),
      tasks_(queue_, others),
      sampled_{stores.deep_storage_root(), &stores.metadata(), &stores.deep_storage(), data.deep_storage_scratch()},
      compaction_(queue_, stores.metadata(), catalog),
      compaction_supervisors_(stores.supervisors(), compaction_),
      pending_segments_(storage, stores.supervisors(), stores.deep_storage(),
                        [others = std::move(others)] { return tasks_of(others); }) {}

void OverlordNode::add_routes(Router& router, const std::string& host_and_port) {
  add_task_routes(router, tasks_);
  add_segment_use_routes(router, segment_use_, tasks_);
  add_rule_routes(router, rules_, retention_);
  add_compaction_routes(router, compaction_);
  add_overlord_compaction_routes(router, compaction_, compaction_supervisors_);
  add_duty_routes(router, {&retention_.duties(), &compaction_.duties(), &pending_segments_.duties()});
  add_coordinator_config_routes(router, queue_.storage());
  add_overlord_routes(router, tasks_, host_and_port);
  add_sampler_routes(router, std::filesystem::current_path(), sampled_);
}

void OverlordNode::start_overlord(const std::string& host, int port) {
  queue_.start({.host = host, .port = port});
  compaction_supervisors_.start();
}

void OverlordNode::stop_overlord() {
  compaction_supervisors_.stop();
  queue_.stop();
}

void OverlordNode::start_coordinator(const CoordinatorPeriods& periods) {
  served_.drop_hidden();
  retention_.start(periods.retention);
}

void OverlordNode::stop_coordinator() { retention_.stop(); }

void OverlordNode::start_compaction(const CoordinatorPeriods& periods) {
  compaction_.start(periods.compaction);
  if (periods.pending_segments.count() != 0) pending_segments_.start(periods.pending_segments);
}

void OverlordNode::stop_compaction() {
  pending_segments_.stop();
  compaction_.stop();
}

}  // namespace sarsen::server
