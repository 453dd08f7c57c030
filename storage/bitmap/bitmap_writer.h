#pragma once
// Writes sets of row numbers: the other direction of bitmap.h (storage/FORMAT.md, "Bitmaps"). One file per encoding.
// Thread-safe: no state.

#include <cstdint>
#include <span>
#include <string_view>

#include "storage/base/byte_writer.h"
#include "storage/bitmap/bitmap.h"

namespace sarsen::storage {

/// The JSON by which a column descriptor and index.drd name the encoding: {"type":"roaring"}.
std::string_view bitmap_json(BitmapEncoding encoding) noexcept;

/// Appends the set `rows`, ascending and without repeats. The empty set is no bytes at all.
/// Throws kUnsupported for Concise, which is only read: every Druid that reads Concise reads Roaring, too.
void write_bitmap(BitmapEncoding encoding, std::span<const std::uint32_t> rows, ByteWriter& out);

}  // namespace sarsen::storage
