#pragma once
// The structures that columns are put together from, each walked by its header: the walk stands behind it afterwards.
// Throws on corrupt headers. Thread safety: no state.

#include <cstdint>

#include "storage/base/json.h"
#include "storage/map/part.h"

namespace sarsen::storage {

/// GenericIndexed, both versions. `what` says what its elements are: "values", "bitmaps". `decoded_bytes` where its
/// elements are blocks; 0: they are not. Returns the number of elements.
std::uint32_t walk_list(PartWalk& walk, const char* what, std::size_t decoded_bytes = 0);
/// UTF-8 or front coded.
void walk_dictionary(PartWalk& walk);
/// `width` bytes an element.
void walk_fixed_list(PartWalk& walk, std::size_t width);
void walk_front_coded_arrays(PartWalk& walk);
/// Packed integers: plain, or blocks of one of two kinds.
void walk_plain_ids(PartWalk& walk);
void walk_block_ids(PartWalk& walk);
void walk_wide_block_ids(PartWalk& walk);
/// The values of a numeric column; `width` bytes each.
void walk_numbers(PartWalk& walk, std::size_t width, bool longs);
/// i32 size and a bitmap, as part `name`.
void walk_sized_bitmap(PartWalk& walk, const char* name);
/// "Compressed byte stream" of FORMAT.md.
void walk_stream(PartWalk& walk);

}  // namespace sarsen::storage
