#pragma once
// From a test of one register of values to the mask words of a whole column. For kernel files only.

#include <cstddef>
#include <cstdint>

#include "storage/simd/arch.h"

namespace sarsen::engine::kernels {

/// The mask word of 64 values.
template <class Arch, class Value, class Test>
XSIMD_INLINE std::uint64_t mask_word(const Value* values, const Test& test) noexcept {
  using Batch = xsimd::batch<Value, Arch>;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 64; i += Batch::size) bits |= test(Batch::load_unaligned(values + i)).mask() << i;
  return bits;
}

/// Sets the mask of the values for which `test`, from a batch to a batch_bool, is true. The tail is tested in a copy
/// that is filled up with the tail's first value, so that the test never sees a value that is not in the column.
template <class Arch, class Value, class Test>
XSIMD_INLINE void mask_words(const Value* values, std::size_t count, const Test& test, std::uint64_t* mask) noexcept {
  const std::size_t full_words = count / 64, tail = count % 64;
  for (std::size_t word = 0; word < full_words; ++word) mask[word] = mask_word<Arch>(values + word * 64, test);
  if (tail == 0) return;
  const Value* rest = values + full_words * 64;
  Value padded[64];
  for (std::size_t i = 0; i < 64; ++i) padded[i] = rest[i < tail ? i : 0];
  mask[full_words] = mask_word<Arch>(padded, test) & ((std::uint64_t{1} << tail) - 1);
}

}  // namespace sarsen::engine::kernels
