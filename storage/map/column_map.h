#pragma once
// The parts of a logical file. Never throws: what cannot be walked is a part that is not understood. Thread safety: no
// state.

#include <span>
#include <string_view>

#include "storage/map/part.h"

namespace sarsen::storage {

/// A column's own file: descriptor, then its one part. `child`: of a projection, where strings may lack a dictionary
/// because it is that of the table's column.
Part map_column(std::span<const std::byte> file, std::string_view name, bool child = false);

/// What the descriptor of a column's file calls its type, "STRING", "COMPLEX<hyperUnique>", "ARRAY<LONG>", also where
/// the column itself cannot be read; "unknown" where the descriptor cannot.
std::string described_type(std::span<const std::byte> file);

/// A further file of a JSON, auto or compressed complex column: known by how its name ends.
Part map_column_file(std::span<const std::byte> file, std::string_view name);

/// A column's list of nested fields, which map_column walks behind the descriptor.
void walk_nested_fields(PartWalk& walk);

/// index.drd.
Part map_index_drd(std::span<const std::byte> file);

}  // namespace sarsen::storage
