// The kinds are in the headers: roaring.cc and concise.cc describe the bytes.
#include "storage/bitmap/bitmap_layout.h"

#include "storage/base/byte_reader.h"

namespace sarsen::storage {
namespace {

constexpr std::uint32_t kCookieWithRuns = 12347;
constexpr std::uint32_t kListRowsMax = 4096;

BitmapLayout roaring_layout(ByteReader reader) {
  BitmapLayout layout;
  const auto cookie = reader.read_le<std::uint32_t>();
  const bool with_runs = (cookie & 0xFFFF) == kCookieWithRuns;
  const std::uint32_t count = with_runs ? (cookie >> 16) + 1 : reader.read_le<std::uint32_t>();
  reader.check(count <= 1U << 16, "too many containers");
  const auto run_flags = with_runs ? reader.bytes((count + 7) / 8) : std::span<const std::byte>();
  for (std::uint32_t i = 0; i < count; ++i) {
    reader.skip(2);
    const std::uint32_t rows = reader.read_le<std::uint16_t>() + 1U;
    if (with_runs && (std::to_integer<unsigned>(run_flags[i / 8]) >> i % 8 & 1) != 0)
      ++layout.runs;
    else
      ++(rows <= kListRowsMax ? layout.lists : layout.bit_sets);
  }
  return layout;
}

BitmapLayout concise_layout(ByteReader reader) {
  BitmapLayout layout;
  while (!reader.at_end()) ++((reader.read_be<std::uint32_t>() & 0x80000000) != 0 ? layout.literals : layout.fills);
  return layout;
}

}  // namespace

BitmapLayout bitmap_layout(BitmapEncoding encoding, std::span<const std::byte> bitmap) {
  if (bitmap.empty()) return {};
  const ByteReader reader(bitmap, "bitmap");
  return encoding == BitmapEncoding::kRoaring ? roaring_layout(reader) : concise_layout(reader);
}

}  // namespace sarsen::storage
