#pragma once
// What sketches keep of the hashes of many numbers, made together. Pure functions, safe from any thread.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "engine/kernels/hash_longs.h"
#include "engine/sketch/murmur3.h"

namespace sarsen::engine {

/// hashes[i] = kept(low half of the hash of numbers[i], zeros that its high half begins with).
template <class Kept, class Hash>
void hash_numbers(const std::int64_t* numbers, std::size_t count, Kept kept, Hash* hashes) noexcept {
  constexpr std::size_t kTogether = 256;
  std::array<std::uint64_t, kTogether> low;
  std::array<std::uint32_t, kTogether> zeros;
  for (std::size_t begin = 0; begin < count; begin += kTogether) {
    const std::size_t some = std::min(kTogether, count - begin);
    kernels::hash_longs(numbers + begin, some, sketch::kDataSketchesSeed, low.data(), zeros.data());
    for (std::size_t i = 0; i < some; ++i) hashes[begin + i] = kept(low[i], zeros[i]);
  }
}

/// As DataSketches hashes them: by their canonical bits.
template <class Kept, class Hash>
void hash_numbers(const double* numbers, std::size_t count, Kept kept, Hash* hashes) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const sketch::Hash128 hash = sketch::murmur3(sketch::canonical_bits(numbers[i]), sketch::kDataSketchesSeed);
    hashes[i] = kept(hash.low, static_cast<std::uint32_t>(std::countl_zero(hash.high)));
  }
}

}  // namespace sarsen::engine
