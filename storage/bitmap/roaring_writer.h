#pragma once
// Roaring in its portable form, as the Java library writes it after runOptimize(): where a container is as small as a
// list as it is as runs, it stays a list (CRoaring takes runs there). So equal sets become Druid's bytes. The smallest
// form takes the header with marks of runs also where there are none: it does without the table of offsets for up to
// three containers, which is seven bytes of the 18 of a single row, and most rows of a dictionary of many values stand
// alone. Thread-safe: no state.

#include <cstdint>
#include <span>

#include "storage/base/byte_writer.h"
#include "storage/bitmap/bitmap_writer.h"

namespace sarsen::storage {

/// Appends the set `rows`. REQUIRES: ascending, without repeats, not empty (Druid writes the empty set as no bytes).
void write_roaring(std::span<const std::uint32_t> rows, ByteWriter& out, RoaringForm form = RoaringForm::kDruids);

}  // namespace sarsen::storage
