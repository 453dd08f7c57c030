#pragma once
// Compaction as the overlord tells of it, under /druid/indexer/v1/compaction:
//   GET, POST    /config/cluster                                 what is not about one data source
//   GET          /config/datasources[/{dataSource}[/history]], /status/datasources[/{dataSource}]
//   POST, DELETE /config/datasources/{dataSource}
//   GET          /isSupervisorEnabled
//   POST         /simulate                                       what supervisors would do, with the reasons
// With useSupervisors a data source's configuration is its supervisor; else it is the coordinator's.

#include "ingest/supervisor/compaction_supervisors.h"
#include "ingest/tasks/auto_compaction.h"
#include "server/http/router.h"

namespace sarsen::server {

/// REQUIRES: both outlive the router.
void add_overlord_compaction_routes(Router& router, ingest::AutoCompaction& compaction,
                                    ingest::CompactionSupervisors& supervisors);

}  // namespace sarsen::server
