#pragma once
// Which format the files of a segment are in, by version.bin and factory.json. Format: storage/FORMAT.md, "The segment
// directory". Thread safety: pure functions.

#include "storage/segment/stored_files.h"

namespace sarsen::storage {

enum class SegmentKind : std::uint8_t { kVersion9, kTombstone };

/// Throws kUnsupported that says what to do for other versions and for kinds of segments that are not understood,
/// kRuntimeFailure where the files are no segment.
SegmentKind segment_kind_of(const StoredFiles& files);

}  // namespace sarsen::storage
