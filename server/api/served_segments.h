#pragma once
// Published segments that this process serves, as a coordinator tells of what its historicals serve: by data source, by
// interval, by tier. Below /druid/coordinator/v1:
//   GET /datasources[?simple|?full]
//   GET /datasources/{name}[?full]
//   GET /datasources/{name}/intervals[?simple|?full], …/intervals/{interval}[?simple|?full], …/serverview
//   GET /datasources/{name}/segments[?full], …/segments/{id}, …/tiers, …/loadstatus?forceMetadataRefresh=…
//   GET /intervals, /intervals/{interval}[?simple|?full]
//   GET /tiers[?simple], /tiers/{tier}[?simple]
// A data source or segment that is not there: 204, as in Druid.

#include <string>

#include "ingest/metadata/metadata_store.h"
#include "server/http/router.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {

/// `host_and_port` is read when asked. REQUIRES: all outlive the router.
void add_served_segment_routes(Router& router, const ingest::MetadataStore& metadata, const storage::Catalog& catalog,
                               const std::string& host_and_port);

}  // namespace sarsen::server
