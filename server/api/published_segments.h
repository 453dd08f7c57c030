#pragma once
// What the coordinator tells of the metadata store, under /druid/coordinator/v1:
//   GET /metadata/segments[?datasources=NAME…][&includeOvershadowedStatus]   used segments
//   GET /metadata/datasources[?full]                               their data sources
//   GET /metadata/datasources/{name}[/segments[?full]]             ids; segments
//   GET /metadata/datasources/{name}/segments/{id}                 one segment
//   GET /metadata/datasources/{name}/unusedSegments[?interval&limit&lastSegmentId&sortOrder]
// What is served of them: served_segments.h.

#include "ingest/metadata/metadata_store.h"
#include "server/http/router.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {

/// Both outlive the router.
void add_published_segment_routes(Router& router, const ingest::MetadataStore& metadata,
                                  const storage::Catalog& catalog);

}  // namespace sarsen::server
