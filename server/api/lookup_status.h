#pragma once
// What the coordinator says of nodes and their lookups: all are loaded, on this one node.

#include "server/api/lookup_store.h"
#include "server/http/router.h"

namespace sarsen::server {

/// REQUIRES: `store` outlives the router.
void add_lookup_status_routes(Router& router, const LookupStore& store);

/// {"current": {…}, "toLoad": {}, "toDrop": []}
Json lookups_state(const LookupStore::Lookups& lookups);

}  // namespace sarsen::server
