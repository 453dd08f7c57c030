// The portable serialisation of Roaring bitmaps ("RoaringFormatSpec"), all little-endian. Rows are grouped by their
// high 16 bits into containers, which hold the low 16 bits:
//
//   cookie 12347 in the low half: containers - 1 in the high half, then one bit per container: is it runs?
//   cookie 12346: u32 number of containers; none is runs
//   per container: u16 high bits, u16 number of rows - 1
//   per container: u32 offset (left out with cookie 12347 and fewer than 4 containers)
//   containers: runs (u16 count, then u16 start and u16 length - 1 each), or at most 4096 rows as sorted u16 each,
//               or 1024 words of bits
//
// The containers follow each other in order, so the offsets are not needed and not trusted: they are skipped.
#include "storage/base/byte_reader.h"
#include "storage/bitmap/bitmap.h"

namespace sarsen::storage {

namespace {

constexpr std::uint32_t kCookieWithRuns = 12347;
constexpr std::uint32_t kCookieWithoutRuns = 12346;
constexpr std::uint32_t kOffsetsFromContainers = 4;
constexpr std::uint32_t kContainersMax = 1U << 16;
constexpr std::uint32_t kArrayRowsMax = 4096;
constexpr std::size_t kBitsetWords = 1024;

struct Layout {
  std::uint32_t container_count = 0;
  std::span<const std::byte> run_flags;  // empty: no container is runs
  ByteReader headers;                    // u16 high bits, u16 rows - 1 each
  ByteReader containers;

  bool is_runs(std::uint32_t container) const noexcept {
    return !run_flags.empty() && (std::to_integer<unsigned>(run_flags[container / 8]) >> container % 8 & 1) != 0;
  }
};

Layout read_layout(std::span<const std::byte> bitmap) {
  ByteReader reader(bitmap, "roaring bitmap");
  Layout layout;
  const std::uint32_t cookie = reader.read_le<std::uint32_t>();
  const bool with_runs = (cookie & 0xFFFF) == kCookieWithRuns;
  reader.check(with_runs || cookie == kCookieWithoutRuns, "unknown cookie");
  layout.container_count = with_runs ? (cookie >> 16) + 1 : reader.read_le<std::uint32_t>();
  reader.check(layout.container_count <= kContainersMax, "too many containers");
  if (with_runs) layout.run_flags = reader.bytes((layout.container_count + 7) / 8);
  layout.headers = reader.reader(std::size_t{4} * layout.container_count, "roaring container headers");
  if (!with_runs || layout.container_count >= kOffsetsFromContainers)
    reader.skip(std::size_t{4} * layout.container_count);
  layout.containers = reader;
  return layout;
}

void add_runs(ByteReader& reader, std::uint64_t base, RowBits& rows) {
  const std::uint32_t count = reader.read_le<std::uint16_t>();
  ByteReader runs = reader.reader(std::size_t{4} * count, "roaring runs");
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t start = runs.read_le<std::uint16_t>();
    const std::uint32_t end = start + runs.read_le<std::uint16_t>() + 1;
    runs.check(end <= 1U << 16, "run past its container");
    rows.add_range(base + start, base + end);
  }
}

void add_array(ByteReader& reader, std::uint32_t count, std::uint64_t base, RowBits& rows) {
  const std::byte* values = reader.bytes(std::size_t{2} * count).data();
  for (std::uint32_t i = 0; i < count; ++i) rows.add(base + load_le<std::uint16_t>(values + std::size_t{2} * i));
}

void add_bitset(ByteReader& reader, std::uint64_t base, RowBits& rows) {
  const std::byte* words = reader.bytes(kBitsetWords * 8).data();
  for (std::size_t i = 0; i < kBitsetWords; ++i) rows.add_word(base / 64 + i, load_le<std::uint64_t>(words + 8 * i));
}

}  // namespace

std::uint64_t roaring_cardinality(std::span<const std::byte> bitmap) {
  Layout layout = read_layout(bitmap);
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < layout.container_count; ++i) {
    layout.headers.skip(2);
    sum += layout.headers.read_le<std::uint16_t>() + 1U;
  }
  return sum;
}

void roaring_or_into(std::span<const std::byte> bitmap, RowBits rows) {
  Layout layout = read_layout(bitmap);
  for (std::uint32_t i = 0; i < layout.container_count; ++i) {
    const std::uint64_t base = static_cast<std::uint64_t>(layout.headers.read_le<std::uint16_t>()) << 16;
    const std::uint32_t count = layout.headers.read_le<std::uint16_t>() + 1U;
    if (layout.is_runs(i)) {
      add_runs(layout.containers, base, rows);
    } else if (count <= kArrayRowsMax) {
      add_array(layout.containers, count, base, rows);
    } else {
      add_bitset(layout.containers, base, rows);
    }
  }
}

}  // namespace sarsen::storage
