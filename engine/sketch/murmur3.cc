#include "engine/sketch/murmur3.h"

#include <array>
#include <cmath>

#include "storage/base/byte_writer.h"

namespace sarsen::engine::sketch {

using murmur3_detail::mix_high;
using murmur3_detail::mix_low;

Hash128 murmur3(std::span<const std::byte> bytes, std::uint64_t seed) noexcept {
  std::uint64_t low = seed;
  std::uint64_t high = seed;
  std::size_t at = 0;
  for (; at + 16 <= bytes.size(); at += 16) {
    low = std::rotl(low ^ mix_low(load_le<std::uint64_t>(bytes.data() + at)), 27) + high;
    low = low * 5 + 0x52dce729;
    high = std::rotl(high ^ mix_high(load_le<std::uint64_t>(bytes.data() + at + 8)), 31) + low;
    high = high * 5 + 0x38495ab5;
  }
  if (at < bytes.size()) {
    // Zero bytes after the tail change nothing: mixing maps 0 to 0.
    std::array<std::byte, 16> tail{};
    std::copy(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), tail.begin());
    high ^= mix_high(load_le<std::uint64_t>(tail.data() + 8));
    low ^= mix_low(load_le<std::uint64_t>(tail.data()));
  }
  return murmur3_detail::finish(low, high, bytes.size());
}

Hash128 murmur3_of_int(std::int32_t value, std::uint64_t seed) noexcept {
  std::array<std::byte, sizeof(value)> bytes;
  store_le(bytes.data(), value);
  return murmur3(std::span<const std::byte>(bytes), seed);
}

std::int64_t canonical_bits(double value) noexcept {
  if (std::isnan(value)) return 0x7ff8000000000000;
  return std::bit_cast<std::int64_t>(value == 0.0 ? 0.0 : value);
}

}  // namespace sarsen::engine::sketch
