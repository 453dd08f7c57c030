#pragma once
// GET /druid/coordinator/v1/duties: what the coordinator does again and again, and how long that takes.

#include <vector>

#include "ingest/duty_group.h"
#include "server/http/router.h"

namespace sarsen::server {

/// REQUIRES: the groups outlive the router.
void add_duty_routes(Router& router, std::vector<const ingest::DutyGroup*> groups);

}  // namespace sarsen::server
