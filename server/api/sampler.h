#pragma once
// POST /druid/indexer/v1/sampler: what the first rows of an input would become.

#include "ingest/batch/segment_rows.h"
#include "server/http/router.h"

namespace sarsen::server {

/// Relative paths of specifications are below `base_directory`; for `places` see ingest/sampler/sample.h.
void add_sampler_routes(Router& router, const std::filesystem::path& base_directory,
                        const ingest::SegmentPlaces& places);

}  // namespace sarsen::server
