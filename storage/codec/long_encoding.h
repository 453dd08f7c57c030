#pragma once
// How the 64-bit integers of a block became bytes: as they are, as distances from a base, or as positions in a table of
// at most 256 values (storage/FORMAT.md, "Long encodings"). One file per encoding.
// Thread safety: const methods from any thread.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "storage/base/byte_reader.h"

namespace sarsen::storage {

class LongEncoding {
 public:
  virtual ~LongEncoding() = default;
  virtual std::uint32_t bits_per_value() const noexcept = 0;
  /// "delta of 12 bits".
  virtual std::string name() const = 0;
  /// Values [first, first + count) of `block`. REQUIRES: the block holds them. Throws where a value is corrupt.
  virtual void decode(const std::byte* block, std::size_t first, std::size_t count, std::int64_t* out) const = 0;
};

/// Reads the header of the encoding with Druid's byte `id`. Throws kUnsupported for an unknown one; nullptr means that
/// the values are stored as they are.
std::unique_ptr<LongEncoding> read_long_encoding(std::uint8_t id, ByteReader& reader);

// One file each.
std::unique_ptr<LongEncoding> read_delta_encoding(ByteReader& reader);
std::unique_ptr<LongEncoding> read_table_encoding(ByteReader& reader);

}  // namespace sarsen::storage
