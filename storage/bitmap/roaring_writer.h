#pragma once
// Roaring in its portable form, as the Java library writes it after runOptimize(): where a container is as small as a
// list as it is as runs, it stays a list (CRoaring takes runs there). So equal sets become Druid's bytes, and writing a
// set needs no memory of its own. Thread-safe: no state.

#include <cstdint>
#include <span>

#include "storage/base/byte_writer.h"

namespace sarsen::storage {

/// Appends the set `rows`; without runs as the library writes it before runOptimize(). REQUIRES: ascending, without
/// repeats, not empty (Druid writes the empty set as no bytes).
void write_roaring(std::span<const std::uint32_t> rows, ByteWriter& out, bool runs = true);

}  // namespace sarsen::storage
