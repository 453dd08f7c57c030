#pragma once
// Writes lists of small non-negative integers: dictionary ids and offsets (storage/FORMAT.md, "Packed ints").
// Thread-safe: no state.

#include <cstddef>
#include <cstdint>
#include <span>

#include "storage/base/byte_writer.h"
#include "storage/codec/codec_writer.h"
#include "storage/column/column_output.h"

namespace sarsen::storage {

/// The bytes that hold any value up to `value_max`, 1 to 4. For ids Druid asks with the size of the dictionary, one
/// more than the largest id.
std::size_t packed_width(std::uint32_t value_max) noexcept;

/// What is to be written: `values`, each plus `addend`, all at most `value_max`. (The addend makes room for an id 0
/// that the values do not know of.)
struct PackedInts {
  std::span<const std::uint32_t> values;
  std::uint32_t addend = 0;
  std::uint32_t value_max = 0;
};

/// "VSize ints": one array, values high byte first.
void write_vsize_ints(const PackedInts& ints, ByteWriter& out);

/// "VSize multi ints": rows of them, row i being values [offsets[i], offsets[i + 1]).
void write_vsize_multi_ints(const PackedInts& ints, std::span<const std::uint32_t> offsets, ByteWriter& out);

// Blocks of more than 2 GiB continue in `overflow`; without it they are refused with kUnsupported.

/// "Compressed VSize ints": blocks of values, low byte first.
void write_compressed_vsize_ints(const PackedInts& ints, const BlockCompression& compression, ByteWriter& out,
                                 const OverflowFiles* overflow = nullptr);

/// "Compressed ints": blocks of four-byte values, low byte first.
void write_compressed_ints(std::span<const std::uint32_t> values, const BlockCompression& compression, ByteWriter& out,
                           const OverflowFiles* overflow = nullptr);

/// "Compressed multi ints, version 3": offsets, then values.
void write_compressed_multi_ints(const PackedInts& ints, std::span<const std::uint32_t> offsets,
                                 const BlockCompression& compression, ByteWriter& out,
                                 const OverflowFiles* overflow = nullptr);

}  // namespace sarsen::storage
