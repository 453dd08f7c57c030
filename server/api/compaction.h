#pragma once
// Automatic compaction, under /druid/coordinator/v1:
//   GET, POST   /config/compaction               all of it; one data source's
//   POST        /config/compaction/taskslots?ratio=&max=
//   GET, DELETE /config/compaction/{dataSource}
//   GET         /compaction/status[?dataSource=], /compaction/progress?dataSource=
//   POST        /compaction/compact              looks for work now
//   POST        /compaction/simulate             what that would be, with the reasons
//   GET         /config/compaction/{dataSource}/history[?interval|?count]
// What the overlord has of it is in overlord_compaction.h.

#include "ingest/tasks/auto_compaction.h"
#include "server/http/router.h"

namespace sarsen::server {

/// REQUIRES: `compaction` outlives the router.
void add_compaction_routes(Router& router, ingest::AutoCompaction& compaction);

}  // namespace sarsen::server
