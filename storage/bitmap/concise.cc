// Concise: big-endian 32-bit words without a header; each stands for one or more groups of 31 rows.
//
//   bit 31 set: bits 30-0 are one group, the lowest row in bit 0
//   bits 31-30 = 00: a run of n + 1 empty groups, 01: of full groups; n = bits 24-0
//   bits 29-25 of a run = p > 0: bit p - 1 of the run's first group is flipped
#include <bit>

#include "storage/base/byte_reader.h"
#include "storage/bitmap/bitmap.h"

namespace sarsen::storage {

namespace {

constexpr std::uint64_t kGroupRows = 31;
constexpr std::uint32_t kGroupMask = 0x7FFFFFFF;
// Above the largest row of Druid's own; keeps sums of run lengths far from overflow.
constexpr std::uint64_t kRowsMax = 1ULL << 32;

// Calls on_group(first row, bits) for single groups and on_full(first row, end) for runs of full ones, rows ascending.
template <class OnGroup, class OnFull>
void walk(std::span<const std::byte> bitmap, OnGroup&& on_group, OnFull&& on_full) {
  ByteReader reader(bitmap, "concise bitmap");
  reader.check(bitmap.size() % 4 == 0, "no whole number of words");
  std::uint64_t row = 0;
  while (!reader.at_end()) {
    const std::uint32_t word = reader.read_be<std::uint32_t>();
    if ((word & 0x80000000) != 0) {
      on_group(row, word & kGroupMask);
      row += kGroupRows;
      continue;
    }
    const bool full = (word & 0x40000000) != 0;
    const std::uint64_t end = row + kGroupRows * ((word & 0x01FFFFFF) + 1ULL);
    reader.check(end <= kRowsMax, "row past the end of the segment");
    const std::uint32_t flipped = word >> 25 & 31;
    if (flipped > 0) {
      const std::uint32_t bit = 1U << (flipped - 1);
      on_group(row, full ? kGroupMask & ~bit : bit);
      row += kGroupRows;
    }
    if (full && row < end) on_full(row, end);
    row = end;
  }
}

}  // namespace

std::uint64_t concise_cardinality(std::span<const std::byte> bitmap) {
  std::uint64_t count = 0;
  walk(
      bitmap, [&](std::uint64_t, std::uint32_t bits) { count += static_cast<std::uint64_t>(std::popcount(bits)); },
      [&](std::uint64_t row, std::uint64_t end) { count += end - row; });
  return count;
}

void concise_or_into(std::span<const std::byte> bitmap, RowBits rows) {
  walk(
      bitmap,
      [&](std::uint64_t row, std::uint32_t bits) {
        const std::uint64_t shift = row % 64;
        rows.add_word(row / 64, static_cast<std::uint64_t>(bits) << shift);
        if (shift > 64 - kGroupRows) rows.add_word(row / 64 + 1, static_cast<std::uint64_t>(bits) >> (64 - shift));
      },
      [&](std::uint64_t row, std::uint64_t end) { rows.add_range(row, end); });
}

}  // namespace sarsen::storage
