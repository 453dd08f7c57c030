#pragma once
// The coordinator itself, under /druid/coordinator/v1: this process, which is the only server (who leads: leader.h).
//   GET /loadstatus[?simple|?full]             how much of what is in use is served
//   GET /loadqueue[?simple]                    what waits to be loaded: nothing
//   GET /datasources/{name}/handoffComplete?interval=…&partitionNumber=…&version=…

#include <string>

#include "ingest/metadata/metadata_store.h"
#include "server/http/router.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {

/// `host_and_port` is read when asked: it is known when the server listens. REQUIRES: all outlive the router.
void add_coordinator_routes(Router& router, const ingest::MetadataStore& metadata, const storage::Catalog& catalog,
                            const std::string& host_and_port);

}  // namespace sarsen::server
