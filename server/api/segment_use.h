#pragma once
// Putting published segments out of use, into use again, and deleting them, under /druid/coordinator/v1/datasources
// and, as from Druid 33, /druid/indexer/v1/datasources:
//   POST   /{name}                          all of them into use
//   DELETE /{name}[?kill=true&interval=…]   all of them out of use; or a kill task
//   POST   /{name}/markUsed, /markUnused    {"interval": …, "versions": […]} or {"segmentIds": […]}
//   POST, DELETE /{name}/segments/{id}      one into use, out of use
//   DELETE /{name}/intervals/{interval}     a kill task, its ends divided by an underscore

#include "ingest/deep_storage/segment_use.h"
#include "server/api/task_directory.h"
#include "server/http/router.h"

namespace sarsen::server {

/// REQUIRES: both outlive the router.
void add_segment_use_routes(Router& router, ingest::SegmentUse& use, const TaskDirectory& tasks);

}  // namespace sarsen::server
