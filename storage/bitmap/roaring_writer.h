#pragma once
// Roaring in its portable form, run containers where they are smaller: what Druid writes. Thread-safe: no state.

#include <cstdint>
#include <span>

#include "storage/base/byte_writer.h"

namespace sarsen::storage {

/// Appends the set `rows`. REQUIRES: ascending, without repeats, not empty (Druid writes the empty set as no bytes).
void write_roaring(std::span<const std::uint32_t> rows, ByteWriter& out);

}  // namespace sarsen::storage
