#pragma once
// At start: every used segment of the metadata store goes into the catalog, by way of the segment cache.

#include <cstddef>

#include "ingest/deep_storage/segment_cache.h"
#include "ingest/metadata/metadata_store.h"
#include "storage/segment/catalog.h"

namespace sarsen::ingest {

/// Returns how many are served. What cannot be loaded is logged as an error and left out, as a historical does.
std::size_t serve_published_segments(const MetadataStore& metadata, SegmentCache& cache, storage::Catalog& catalog);

}  // namespace sarsen::ingest
