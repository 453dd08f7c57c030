#pragma once
// Concise bitmaps as Druid's ConciseSet builds them from ascending rows, word for word (storage/FORMAT.md, "Bitmaps").
// Thread-safe: no state.

#include <cstdint>
#include <span>

#include "storage/base/byte_writer.h"

namespace sarsen::storage {

/// The largest row that Druid's ConciseSet holds.
inline constexpr std::uint32_t kConciseRowMax = 1040187422;

/// Appends the set `rows`. REQUIRES: ascending, without repeats, not empty. Throws kUnsupported for a row beyond
/// kConciseRowMax.
void write_concise(std::span<const std::uint32_t> rows, ByteWriter& out);

}  // namespace sarsen::storage
