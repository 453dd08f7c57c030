#pragma once
// MurmurHash3 x86 32 with seed 0, as Guava's murmur3_32().hashBytes: what Druid hashes rows to partitions with.

#include <bit>
#include <cstdint>
#include <string_view>

namespace sarsen::ingest {

inline std::int32_t murmur3_32(std::string_view bytes) noexcept {
  constexpr std::uint32_t kFirst = 0xCC9E2D51;
  constexpr std::uint32_t kSecond = 0x1B873593;
  const auto byte = [&](std::size_t at) { return std::uint32_t{static_cast<unsigned char>(bytes[at])}; };
  const auto mixed = [](std::uint32_t word) { return std::rotl(word * kFirst, 15) * kSecond; };
  std::uint32_t hash = 0;
  std::size_t at = 0;
  for (; at + 4 <= bytes.size(); at += 4) {
    hash ^= mixed(byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16 | byte(at + 3) << 24);
    hash = std::rotl(hash, 13) * 5 + 0xE6546B64;
  }
  std::uint32_t tail = 0;
  for (std::size_t i = bytes.size(); i-- > at;) tail = tail << 8 | byte(i);
  hash ^= mixed(tail);
  hash ^= static_cast<std::uint32_t>(bytes.size());
  hash = (hash ^ hash >> 16) * 0x85EBCA6B;
  hash = (hash ^ hash >> 13) * 0xC2B2AE35;
  return static_cast<std::int32_t>(hash ^ hash >> 16);
}

}  // namespace sarsen::ingest
