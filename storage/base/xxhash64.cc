#include "storage/base/xxhash64.h"

#include <bit>

#include "storage/base/byte_reader.h"

namespace sarsen {
namespace {

constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87;
constexpr std::uint64_t kPrime2 = 0xC2B2AE3D27D4EB4F;
constexpr std::uint64_t kPrime3 = 0x165667B19E3779F9;
constexpr std::uint64_t kPrime4 = 0x85EBCA77C2B2AE63;
constexpr std::uint64_t kPrime5 = 0x27D4EB2F165667C5;

std::uint64_t round(std::uint64_t sum, std::uint64_t word) noexcept {
  return std::rotl(sum + word * kPrime2, 31) * kPrime1;
}

/// Four sums of 32 bytes a step, folded into one.
std::uint64_t fold_stripes(std::span<const std::byte>& bytes, std::uint64_t seed) noexcept {
  std::uint64_t sums[] = {seed + kPrime1 + kPrime2, seed + kPrime2, seed, seed - kPrime1};
  for (; bytes.size() >= 32; bytes = bytes.subspan(32))
    for (std::size_t i = 0; i < 4; ++i) sums[i] = round(sums[i], load_le<std::uint64_t>(bytes.data() + 8 * i));
  std::uint64_t hash = std::rotl(sums[0], 1) + std::rotl(sums[1], 7) + std::rotl(sums[2], 12) + std::rotl(sums[3], 18);
  for (const std::uint64_t sum : sums) hash = (hash ^ round(0, sum)) * kPrime1 + kPrime4;
  return hash;
}

std::uint64_t fold_rest(std::span<const std::byte> bytes, std::uint64_t hash) noexcept {
  for (; bytes.size() >= 8; bytes = bytes.subspan(8))
    hash = std::rotl(hash ^ round(0, load_le<std::uint64_t>(bytes.data())), 27) * kPrime1 + kPrime4;
  if (bytes.size() >= 4) {
    hash = std::rotl(hash ^ load_le<std::uint32_t>(bytes.data()) * kPrime1, 23) * kPrime2 + kPrime3;
    bytes = bytes.subspan(4);
  }
  for (const std::byte byte : bytes)
    hash = std::rotl(hash ^ std::to_integer<std::uint64_t>(byte) * kPrime5, 11) * kPrime1;
  return hash;
}

}  // namespace

std::uint64_t xxhash64(std::span<const std::byte> bytes, std::uint64_t seed) noexcept {
  const std::uint64_t size = bytes.size();
  std::uint64_t hash = size >= 32 ? fold_stripes(bytes, seed) : seed + kPrime5;
  hash = fold_rest(bytes, hash + size);
  hash = (hash ^ hash >> 33) * kPrime2;
  hash = (hash ^ hash >> 29) * kPrime3;
  return hash ^ hash >> 32;
}

}  // namespace sarsen
