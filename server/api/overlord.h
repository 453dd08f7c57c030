#pragma once
// The overlord itself, under /druid/indexer/v1: this process, which leads and is the only worker.
//   GET  /leader, /isLeader, /workers, /totalWorkerCapacity, /scaling
//   GET, POST /worker, GET /worker/history        the dynamic configuration of workers, kept as it is given
//   POST /lockedIntervals/v2, /activeLocks        of data sources: [{"datasource": …, "priority": …}]
//   GET  /lockedIntervals                         of all data sources
//   DELETE /pendingSegments/{dataSource}?interval= of what was created in that time; {"numDeleted": …}
//   POST /action                                  refused: no task runs elsewhere

#include "server/api/task_directory.h"
#include "server/http/router.h"

namespace sarsen::server {

/// `host_and_port` is read when asked: it is known when the server listens. REQUIRES: both outlive the router.
void add_overlord_routes(Router& router, const TaskDirectory& tasks, const std::string& host_and_port);

}  // namespace sarsen::server
