#pragma once
// Files in deep storage that several segments have: those of one that was upgraded to another version
// (useConcurrentLocks) stay where they are. Pure reading; from any thread.

#include <vector>

#include "ingest/metadata/metadata_store.h"

namespace sarsen::ingest {

/// Whether a segment that is not among `leaving`, used or not, needs the files of this one.
bool are_files_shared(const UnusedSegment& segment, const std::vector<storage::SegmentId>& leaving,
                      const MetadataStore& metadata);

/// The segment as the one under whose id its files were stored, which is where they lie.
storage::SegmentDescriptor owner_of_files(const UnusedSegment& segment);

}  // namespace sarsen::ingest
