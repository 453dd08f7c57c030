#pragma once
// GET /druid/v2/datasources/{name}/candidates?intervals=a,b and POST /druid/v2/candidates with a native query: which
// segments answer, in which part of their time, and from where. Everything is served by this process, so each segment
// has one location.

#include <string>

#include "server/http/router.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {

/// Catalog and `host_and_port`, which may be filled in later, outlive the router.
void add_candidate_routes(Router& router, const storage::Catalog& catalog, const std::string& host_and_port);

}  // namespace sarsen::server
