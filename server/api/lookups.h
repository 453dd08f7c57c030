#pragma once
// The API of lookups: the coordinator's (/druid/coordinator/v1/lookups), which keeps them, the one by which a
// coordinator tells a node (/druid/listen/v1/lookups), and the one that shows what a node has
// (/druid/v1/lookups/introspect). One process is all three, so that a change is loaded everywhere when it is answered.

#include "server/api/lookup_store.h"
#include "server/http/router.h"

namespace sarsen::server {

/// REQUIRES: `store` outlives the router.
void add_lookup_routes(Router& router, LookupStore& store);

}  // namespace sarsen::server
