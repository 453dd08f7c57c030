#pragma once
// GET /druid/v2/datasources: the names of all data sources. GET /druid/v2/datasources/{name}: its dimensions and
// metrics; with /dimensions or /metrics only those; with ?full by interval; with ?interval=… of that time only.
//
// Without an interval stock Druid looks only at the week before now, so that old data seems to have no columns at all.
// Here it is all of time: whoever asks wants to know the columns.

#include "server/http/router.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {

/// The catalog outlives the router.
void add_data_source_routes(Router& router, const storage::Catalog& catalog);

}  // namespace sarsen::server
