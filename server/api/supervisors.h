#pragma once
// The supervisors' part of the overlord's API, under /druid/indexer/v1/supervisor:
//   POST /                                creates or replaces ({"id": …}); ?skipRestartIfUnmodified=true
//   GET /[?full|?state=true|?system]      ids; all about them; states
//   GET /{id}, /{id}/status, /{id}/health, /{id}/stats, /{id}/parseErrors, /{id}/history, /history
//   POST /{id}/suspend, /resume, /reset, /resetOffsets, /terminate (/shutdown), /taskGroups/handoff
//   POST /suspendAll, /resumeAll, /terminateAll

#include "server/api/supervisor_directory.h"
#include "server/http/router.h"

namespace sarsen::server {

/// REQUIRES: what `supervisors` refers to outlives the router.
void add_supervisor_routes(Router& router, const SupervisorDirectory& supervisors);

}  // namespace sarsen::server
