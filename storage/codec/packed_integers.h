#pragma once
// Unsigned integers of a fixed number of bits, packed most significant bit first, value after value without alignment:
// what the delta and table encodings of longs store (storage/FORMAT.md, "Long encodings"; Druid's VSizeLongSerde).
// Thread safety: pure functions.

#include <array>
#include <cstddef>
#include <cstdint>

namespace sarsen::storage {

/// The widths there are, ascending.
inline constexpr std::array<std::uint32_t, 13> kPackedBits = {1, 2, 4, 8, 12, 16, 20, 24, 32, 40, 48, 56, 64};

/// True for the widths of kPackedBits.
bool is_packed_width(std::uint32_t bits) noexcept;

/// The smallest width w with value_count <= 2^w. REQUIRES: value_count > 0.
std::uint32_t packed_width_of(std::uint64_t value_count) noexcept;

/// Values [first, first + count) of `packed` into `out`. Reads no byte beyond the last value.
/// REQUIRES: is_packed_width(bits) and that `packed` holds first + count values.
void decode_packed(const std::byte* packed, std::uint32_t bits, std::size_t first, std::size_t count,
                   std::uint64_t* out) noexcept;

/// Packs value after value. Not thread-safe.
class PackedWriter {
 public:
  /// REQUIRES: `packed` is all zero and has room for what is added.
  PackedWriter(std::byte* packed, std::uint32_t bits) : packed_(packed), bits_(bits) {}

  /// REQUIRES: the value has no more than `bits` bits.
  void add(std::uint64_t value) noexcept;

 private:
  std::byte* packed_;
  std::uint32_t bits_;
  std::uint32_t used_ = 0;  // bits of the byte at packed_
};

}  // namespace sarsen::storage
