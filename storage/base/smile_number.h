#pragma once
// Numbers of SMILE. Integers are groups of 7 bits, high group first; the last byte has its high bit set and holds 6
// bits. Signed ones are zigzag-coded before. Other numbers and binary are cut into groups of 7 bits, too, so that no
// byte of theirs looks like a marker. Thread safety: pure. All throw kRuntimeFailure on bytes that are none.

#include <cstdint>
#include <string>

#include "storage/base/byte_reader.h"
#include "storage/base/json.h"

namespace sarsen {

constexpr std::int64_t smile_unzigzag(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

/// Below 2^`bits`; `bits` is 32 or 64.
std::uint64_t smile_unsigned(ByteReader& reader, unsigned bits);
std::int64_t smile_signed(ByteReader& reader, unsigned bits);

float smile_float(ByteReader& reader);
double smile_double(ByteReader& reader);

/// An integer where it fits into 64 bits, else the nearest double.
Json smile_big_integer(ByteReader& reader);
/// The nearest double.
Json smile_big_decimal(ByteReader& reader);

/// Length, then groups of 7 bits.
std::string smile_7bit_bytes(ByteReader& reader);

}  // namespace sarsen
