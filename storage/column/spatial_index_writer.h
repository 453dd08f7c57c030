#pragma once
// Writes the spatial index of a column of coordinates (storage/FORMAT.md, "Spatial index"). Thread-safe: no state.

#include <cstdint>
#include <functional>
#include <span>

#include "storage/base/byte_writer.h"
#include "storage/column/index_spec.h"
#include "storage/column/spatial_tree.h"

namespace sarsen::storage {

/// Appends the bytes of `tree`, which is not empty: their size, then they. `rows` gives the rows of a point, ascending.
/// Throws kUnsupported where they are more than 2 GiB.
void write_spatial_index(const SpatialTree& tree,
                         const std::function<std::span<const std::uint32_t>(std::uint32_t point)>& rows,
                         const IndexSpec& spec, ByteWriter& out);

}  // namespace sarsen::storage
