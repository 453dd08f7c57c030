#pragma once
// What a historical takes of its coordinator, under /druid-internal/v1/segments:
//   POST /changeRequests?timeout=…   orders to load and drop segments; answers when one of them is finished, or with
//   204 GET  /loadCapabilities           how many are loaded at a time
// A request waits a second at most: it holds a thread of those that queries need too, and coordinators ask again.

#include "ingest/load_orders/load_orders.h"
#include "server/http/router.h"

namespace sarsen::server {

/// REQUIRES: `orders` outlives the router.
void add_change_request_routes(Router& router, ingest::LoadOrders& orders);

}  // namespace sarsen::server
