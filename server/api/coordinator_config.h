#pragma once
// The coordinator's dynamic configuration, under /druid/coordinator/v1:
//   GET, POST /config      fields that a POST does not have stay as they are
//   GET /config/history[?interval|?count]

#include "ingest/tasks/task_storage.h"
#include "server/http/router.h"

namespace sarsen::server {

/// REQUIRES: `storage` outlives the router.
void add_coordinator_config_routes(Router& router, ingest::TaskStorage& storage);

}  // namespace sarsen::server
