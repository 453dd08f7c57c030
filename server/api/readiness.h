#pragma once
// What load balancers, orchestrators and clients ask before they send queries, in the words of Druid's broker and
// historical. The server listens only after it has opened its segments: whoever gets an answer gets "ready".

#include "server/http/router.h"

namespace sarsen::server {

void add_readiness_routes(Router& router);

}  // namespace sarsen::server
