#pragma once
// How a column's numbers are kept in few bytes: a number is (base + code) / divisor.

#include <cstddef>
#include <cstdint>

namespace sarsen::storage {

struct NarrowForm {
  std::uint32_t width;  // bytes of a code: 1, 2 or 4, unsigned, as this machine stores them
  std::int64_t base;    // within kNarrowBaseMax of 0, so that base + code is exact as a double
  double divisor;       // a power of ten; 1 for longs
};

inline constexpr std::int64_t kNarrowBaseMax = std::int64_t{1} << 51;

/// Codes of neighbouring rows.
struct NarrowCodes {
  const std::byte* codes;  // nullptr: there are none
  NarrowForm form;
};

}  // namespace sarsen::storage
