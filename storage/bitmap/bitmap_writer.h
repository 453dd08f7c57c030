#pragma once
// Writes sets of row numbers: the other direction of bitmap.h (storage/FORMAT.md, "Bitmaps"). One file per encoding.
// Thread-safe: no state.

#include <cstdint>
#include <span>
#include <string_view>

#include "storage/base/byte_writer.h"
#include "storage/bitmap/bitmap.h"

namespace sarsen::storage {

/// Forms of one set, all of which every reader of Roaring takes.
enum class RoaringForm : std::uint8_t {
  kDruids,       // as the Java library writes it after runOptimize()
  kWithoutRuns,  // and before
  kSmallest,     // runs as in the first; the shorter of the two headers
};

/// The JSON by which a column descriptor and index.drd name the encoding: {"type":"roaring"}. It is the same with and
/// without runs, as in Druid since 26.
std::string_view bitmap_json(BitmapEncoding encoding) noexcept;

/// Appends the set `rows`, ascending and without repeats. The empty set is no bytes at all. `form` is
/// Roaring's. Throws kUnsupported for a row that the encoding has no room for.
void write_bitmap(BitmapEncoding encoding, std::span<const std::uint32_t> rows, ByteWriter& out,
                  RoaringForm form = RoaringForm::kDruids);

}  // namespace sarsen::storage
