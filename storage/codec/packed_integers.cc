#include "storage/codec/packed_integers.h"

#include <algorithm>

#include "storage/base/byte_reader.h"

namespace sarsen::storage {

namespace {

// Widths below a byte.
template <std::uint32_t kBits>
void decode_small(const std::byte* packed, std::size_t first, std::size_t count, std::uint64_t* out) noexcept {
  constexpr std::size_t kPerByte = 8 / kBits;
  constexpr std::uint32_t kMask = (1U << kBits) - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t position = first + i;
    const auto shift = static_cast<std::uint32_t>(8 - kBits - position % kPerByte * kBits);
    out[i] = std::to_integer<std::uint32_t>(packed[position / kPerByte]) >> shift & kMask;
  }
}

// Whole bytes, big-endian.
template <std::uint32_t kBytes>
void decode_bytes(const std::byte* packed, std::size_t first, std::size_t count, std::uint64_t* out) noexcept {
  packed += first * kBytes;
  for (std::size_t i = 0; i < count; ++i, packed += kBytes) {
    std::uint64_t value = 0;
    for (std::uint32_t byte = 0; byte < kBytes; ++byte)
      value = value << 8 | std::to_integer<std::uint64_t>(packed[byte]);
    out[i] = value;
  }
}

// 12 and 20 bits: a value starts at a byte or in the middle of one.
template <std::uint32_t kBits>
void decode_half_bytes(const std::byte* packed, std::size_t first, std::size_t count, std::uint64_t* out) noexcept {
  constexpr std::uint32_t kBytes = (kBits + 4) / 8;  // bytes that one value touches
  constexpr std::uint64_t kMask = (1ULL << kBits) - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t half_bytes = (first + i) * (kBits / 4);
    std::uint64_t value = 0;
    for (std::uint32_t byte = 0; byte < kBytes; ++byte) {
      value = value << 8 | std::to_integer<std::uint64_t>(packed[half_bytes / 2 + byte]);
    }
    out[i] = (half_bytes % 2 == 0 ? value >> 4 : value) & kMask;
  }
}

}  // namespace

bool is_packed_width(std::uint32_t bits) noexcept {
  return std::find(kPackedBits.begin(), kPackedBits.end(), bits) != kPackedBits.end();
}

std::uint32_t packed_width_of(std::uint64_t value_count) noexcept {
  const auto fits = [value_count](std::uint32_t bits) { return bits == 64 || value_count - 1 < 1ULL << bits; };
  return *std::find_if(kPackedBits.begin(), kPackedBits.end(), fits);
}

void decode_packed(const std::byte* packed, std::uint32_t bits, std::size_t first, std::size_t count,
                   std::uint64_t* out) noexcept {
  switch (bits) {
    case 1:
      return decode_small<1>(packed, first, count, out);
    case 2:
      return decode_small<2>(packed, first, count, out);
    case 4:
      return decode_small<4>(packed, first, count, out);
    case 8:
      return decode_bytes<1>(packed, first, count, out);
    case 12:
      return decode_half_bytes<12>(packed, first, count, out);
    case 16:
      return decode_bytes<2>(packed, first, count, out);
    case 20:
      return decode_half_bytes<20>(packed, first, count, out);
    case 24:
      return decode_bytes<3>(packed, first, count, out);
    case 32:
      return decode_bytes<4>(packed, first, count, out);
    case 40:
      return decode_bytes<5>(packed, first, count, out);
    case 48:
      return decode_bytes<6>(packed, first, count, out);
    case 56:
      return decode_bytes<7>(packed, first, count, out);
    default:
      return decode_bytes<8>(packed, first, count, out);
  }
}

void PackedWriter::add(std::uint64_t value) noexcept {
  for (std::uint32_t left = bits_; left > 0;) {
    const std::uint32_t taken = std::min(left, 8 - used_);
    left -= taken;
    const std::uint64_t piece = value >> left & ((1U << taken) - 1);
    *packed_ |= static_cast<std::byte>(piece << (8 - used_ - taken));
    used_ += taken;
    if (used_ < 8) continue;
    used_ = 0;
    ++packed_;
  }
}

}  // namespace sarsen::storage
