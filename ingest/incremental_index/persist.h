#pragma once
// A live index to a V9 segment: what a persist writes, and batch ingestion ends with. Rows are sorted by time, then by
// the dimensions in their order (nulls first, texts in Java's order, several values one by one and then by number), and
// dictionaries with them.

#include <cstdint>
#include <filesystem>

#include "ingest/incremental_index/live_segment.h"
#include "storage/column/index_spec.h"

namespace sarsen::ingest {

/// Writes the new directory `directory`, which appears whole or not at all, with so many threads; returns the size of
/// its files. REQUIRES: `segment` has rows. Throws where the disk refuses. Without `durable` nothing is synced.
std::uint64_t persist(const LiveSegment& segment, const std::filesystem::path& directory,
                      const storage::IndexSpec& spec = {}, unsigned threads = 1, bool durable = true);

}  // namespace sarsen::ingest
