#pragma once
// MurmurHash3 x64 128, the hash below every sketch that Druid stores. Guava (hyperUnique, cardinality) and DataSketches
// (theta, HLL) use the same function and differ in the seed and in what they take from the 128 bits.
// Pure functions, safe from any thread.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sarsen::engine::sketch {

struct Hash128 {
  std::uint64_t low = 0;   // h1
  std::uint64_t high = 0;  // h2
};

inline constexpr std::uint64_t kGuavaSeed = 0;
inline constexpr std::uint64_t kDataSketchesSeed = 9001;
/// The low 16 bits of the hash of kDataSketchesSeed: how theta images say which seed they were made with.
inline constexpr std::uint16_t kDataSketchesSeedHash = 0x93CC;

Hash128 murmur3(std::span<const std::byte> bytes, std::uint64_t seed) noexcept;

inline Hash128 murmur3(std::string_view text, std::uint64_t seed) noexcept {
  return murmur3(std::as_bytes(std::span(text)), seed);
}

namespace murmur3_detail {

inline constexpr std::uint64_t kFirst = 0x87c37b91114253d5;
inline constexpr std::uint64_t kSecond = 0x4cf5ad432745937f;

constexpr std::uint64_t mix_low(std::uint64_t word) noexcept { return std::rotl(word * kFirst, 31) * kSecond; }
constexpr std::uint64_t mix_high(std::uint64_t word) noexcept { return std::rotl(word * kSecond, 33) * kFirst; }

constexpr std::uint64_t scattered(std::uint64_t hash) noexcept {
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
  return hash ^ (hash >> 33);
}

constexpr Hash128 finish(std::uint64_t low, std::uint64_t high, std::size_t size) noexcept {
  low ^= size;
  high ^= size;
  low += high;
  high += low;
  low = scattered(low);
  high = scattered(high);
  low += high;
  high += low;
  return {low, high};
}

}  // namespace murmur3_detail

/// Of the 8 bytes of `value`, little-endian. Inline: it is called for each row.
constexpr Hash128 murmur3(std::int64_t value, std::uint64_t seed) noexcept {
  const std::uint64_t low = seed ^ murmur3_detail::mix_low(static_cast<std::uint64_t>(value));
  return murmur3_detail::finish(low, seed, sizeof(value));
}

/// Of the 4 bytes of `value`, little-endian.
Hash128 murmur3_of_int(std::int32_t value, std::uint64_t seed) noexcept;

/// The bits that DataSketches hashes for a double: -0.0 counts as 0.0, and there is one NaN.
std::int64_t canonical_bits(double value) noexcept;

}  // namespace sarsen::engine::sketch
