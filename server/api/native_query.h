#pragma once
// POST /druid/v2[/] answers a native query; DELETE /druid/v2/{id} cancels those of that id, and says 202 whether there
// were any or not. Answers stream; a failure before the first byte is an error body (server/http/error_body.h), a later
// one leaves the array without its end, as Druid does.

#include "engine/query/query_engine.h"
#include "server/api/running_queries.h"
#include "server/http/router.h"

namespace sarsen::server {

/// Engine and list outlive the router.
void add_native_query_routes(Router& router, const engine::QueryEngine& engine, RunningQueries& running);

}  // namespace sarsen::server
