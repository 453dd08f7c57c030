#include "storage/column/packed_ints_writer.h"

#include <bit>

#include "storage/column/block_layout_writer.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kVSizeInts = 0;
constexpr std::uint8_t kVSizeMultiInts = 1;
constexpr std::uint8_t kCompressedInts = 2;  // with and without a width
constexpr std::uint8_t kMultiIntsVersion3 = 3;

/// Readers of uncompressed values load four bytes at a time, so the last value is followed by what it lacks.
constexpr std::size_t padding(std::size_t width) { return 4 - width; }

/// A block of three-byte values has room for more, but must be a power of two.
constexpr std::size_t values_per_block(std::size_t width) { return std::bit_floor(kBlockBytesMax / width); }

void write_big_endian_values(const PackedInts& ints, std::size_t width, ByteWriter& out) {
  std::byte* target = out.extend(ints.values.size() * width + padding(width));
  for (const std::uint32_t value : ints.values) {
    std::byte bytes[4];
    store_be(bytes, value + ints.addend);
    for (std::size_t i = 0; i < width; ++i) *target++ = bytes[4 - width + i];
  }
}

void write_size(std::size_t size, ByteWriter& out) {
  if (size > INT32_MAX) throw Error(ErrorCategory::kUnsupported, "The ids of the column are larger than 2 GiB");
  out.write_be(static_cast<std::uint32_t>(size));
}

void fill_little_endian(const PackedInts& ints, std::size_t width, std::size_t begin, std::size_t count,
                        std::byte* block) {
  for (const std::uint32_t value : ints.values.subspan(begin, count)) {
    std::uint32_t rest = value + ints.addend;
    for (std::size_t i = 0; i < width; ++i, rest >>= 8) *block++ = static_cast<std::byte>(rest & 0xFF);
  }
}

void write_packed_blocks(const PackedInts& ints, std::size_t width, const BlockCompression& compression,
                         ByteWriter& out, const OverflowFiles* overflow) {
  if (ints.values.size() > INT32_MAX)
    throw Error(ErrorCategory::kUnsupported, "The rows of the column hold more than 2^31 - 1 values");
  const BlockLayout layout{.value_width = width, .values_per_block = values_per_block(width)};
  out.write_be(static_cast<std::uint32_t>(ints.values.size()));
  out.write_be(static_cast<std::uint32_t>(layout.values_per_block));
  out.write_be(static_cast<std::uint8_t>(compression.codec));
  const FillBlock fill = [&](std::size_t begin, std::size_t count, std::byte* block) {
    fill_little_endian(ints, width, begin, count, block);
  };
  write_blocks(compression, layout, ints.values.size(), fill, out, overflow);
}

}  // namespace

std::size_t packed_width(std::uint32_t value_max) noexcept {
  return value_max <= 0xFF ? 1 : value_max <= 0xFFFF ? 2 : value_max <= 0xFFFFFF ? 3 : 4;
}

void write_vsize_ints(const PackedInts& ints, ByteWriter& out) {
  const std::size_t width = packed_width(ints.value_max);
  out.write_be(kVSizeInts);
  out.write_be(static_cast<std::uint8_t>(width));
  write_size(ints.values.size() * width + padding(width), out);
  write_big_endian_values(ints, width, out);
}

void write_vsize_multi_ints(const PackedInts& ints, std::span<const std::uint32_t> offsets, ByteWriter& out) {
  DCHECK(!offsets.empty() && offsets.front() == 0 && offsets.back() == ints.values.size());
  const std::size_t width = packed_width(ints.value_max);
  out.write_be(kVSizeMultiInts);
  out.write_be(static_cast<std::uint8_t>(width));
  write_size(4 + 4 * (offsets.size() - 1) + ints.values.size() * width + padding(width), out);
  out.write_be(static_cast<std::uint32_t>(offsets.size() - 1));
  for (const std::uint32_t end : offsets.subspan(1)) out.write_be(static_cast<std::uint32_t>(end * width));
  write_big_endian_values(ints, width, out);
}

void write_compressed_vsize_ints(const PackedInts& ints, const BlockCompression& compression, ByteWriter& out,
                                 const OverflowFiles* overflow) {
  const std::size_t width = packed_width(ints.value_max);
  out.write_be(kCompressedInts);
  out.write_be(static_cast<std::uint8_t>(width));
  write_packed_blocks(ints, width, compression, out, overflow);
}

void write_compressed_ints(std::span<const std::uint32_t> values, const BlockCompression& compression, ByteWriter& out,
                           const OverflowFiles* overflow) {
  out.write_be(kCompressedInts);
  write_packed_blocks({.values = values}, 4, compression, out, overflow);
}

void write_compressed_multi_ints(const PackedInts& ints, std::span<const std::uint32_t> offsets,
                                 const BlockCompression& compression, ByteWriter& out, const OverflowFiles* overflow) {
  out.write_be(kMultiIntsVersion3);
  if (overflow == nullptr) {
    write_compressed_ints(offsets, compression, out);
    return write_compressed_vsize_ints(ints, compression, out);
  }
  const OverflowFiles for_offsets{overflow->column, overflow->base + ".offsets"};
  const OverflowFiles for_values{overflow->column, overflow->base + ".values"};
  write_compressed_ints(offsets, compression, out, &for_offsets);
  write_compressed_vsize_ints(ints, compression, out, &for_values);
}

}  // namespace sarsen::storage
