#pragma once
// POST /druid/v2[/] answers a native query; DELETE /druid/v2/{id} cancels those of that id, and says 202 whether there
// were any or not. Answers stream; a failure before the first byte is an error body (server/http/error_body.h), a later
// one leaves the array without its end, as Druid does. With If-None-Match an answer has an ETag, and 304 says that the
// one that the client has is good still.

#include "engine/query/query_engine.h"
#include "server/api/cached_answers.h"
#include "server/api/query_scheduler.h"
#include "server/api/running_queries.h"
#include "server/http/router.h"

namespace sarsen::server {

/// Engine, scheduler, list and cache outlive the router.
void add_native_query_routes(Router& router, const engine::QueryEngine& engine, QueryScheduler& scheduler,
                             RunningQueries& running, CachedAnswers& cache);

}  // namespace sarsen::server
