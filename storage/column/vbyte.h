#pragma once
// Druid's VByte: little-endian base 128 with the high bit set on the *last* byte, 1 to 5 bytes, 0 to 2^31 - 1
// (storage/FORMAT.md, "VByte"). Thread safety: pure.

#include <cstdint>

#include "storage/base/byte_reader.h"
#include "storage/base/byte_writer.h"

namespace sarsen::storage {

inline std::uint32_t read_vbyte(ByteReader& reader) {
  std::uint64_t value = 0;
  for (std::uint32_t shift = 0; shift < 35; shift += 7) {
    const std::uint64_t byte = reader.read_byte();
    value |= (byte & 0x7F) << shift;
    if ((byte & 0x80) != 0) {
      reader.check(value <= INT32_MAX, "vbyte number too large");
      return static_cast<std::uint32_t>(value);
    }
  }
  reader.check(false, "vbyte number too long");
  return 0;
}

/// REQUIRES: value <= INT32_MAX.
inline void write_vbyte(std::uint32_t value, ByteWriter& out) {
  for (; value >= 0x80; value >>= 7) out.write_be(static_cast<std::uint8_t>(value & 0x7F));
  out.write_be(static_cast<std::uint8_t>(value | 0x80));
}

}  // namespace sarsen::storage
