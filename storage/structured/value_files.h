#pragma once
// The dictionaries of a column of any shape (storage/FORMAT.md, "FixedIndexed", "Front-coded arrays").
// Thread-safe: no state.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "storage/base/byte_writer.h"
#include "storage/column/index_spec.h"

namespace sarsen::storage {

/// Ascending numbers of one width. `with_null`: id 0 is null and not stored, ids of values begin at 1. Defined for
/// std::uint32_t (ids), std::int64_t and double.
template <class T>
void write_fixed_values(std::span<const T> values, bool with_null, ByteWriter& out);

/// Ascending arrays of ids. Throws kUnsupported past 2 GiB.
void write_id_arrays(std::span<const std::vector<std::uint32_t>> arrays, ByteWriter& out);

/// Ascending strings, null first, in the encoding that `spec` names.
void write_strings(std::span<const std::optional<std::string_view>> strings, const IndexSpec& spec, ByteWriter& out);

}  // namespace sarsen::storage
