#pragma once
// Writes sets of row numbers (storage/FORMAT.md, "Bitmaps"). One file per encoding; each keeps its library to itself.
// Thread-safe: no state.

#include <cstdint>
#include <span>
#include <string_view>

#include "storage/base/byte_writer.h"

namespace sarsen::storage {

enum class BitmapType : std::uint8_t { kRoaring };

/// The JSON by which a column descriptor and index.drd name the encoding: {"type":"roaring"}.
std::string_view bitmap_json(BitmapType type) noexcept;

/// Appends the set `rows`, ascending and without repeats. The empty set is no bytes at all.
void write_bitmap(BitmapType type, std::span<const std::uint32_t> rows, ByteWriter& out);

}  // namespace sarsen::storage
