#include "storage/map/structures.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>

#include "storage/codec/codec.h"
#include "storage/codec/long_encoding.h"
#include "storage/column/vbyte.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kWrapped = 0x7F;
constexpr std::uint8_t kNoBlocks = static_cast<std::uint8_t>(CodecId::kNone);

[[noreturn]] void refuse(const char* what, unsigned version) {
  throw Error(ErrorCategory::kUnsupported, fmt::format("{} of unknown version {}", what, version));
}

std::uint32_t read_count(ByteReader& reader) {
  const auto count = reader.read_be<std::uint32_t>();
  reader.check(count <= INT32_MAX, "negative count");
  return count;
}

std::string counted(std::uint64_t count, const char* what) { return fmt::format("{} {}", count, what); }

void walk_one_file_list(PartWalk& walk, const char* what, std::size_t decoded_bytes, std::uint32_t& count) {
  ByteReader& reader = walk.reader();
  const std::size_t end = read_count(reader) + reader.position();
  count = read_count(reader);
  reader.check(count <= reader.remaining() / 8, "offset table past end");
  walk.leaf("offsets", std::size_t{4} * count, counted(count, "offsets"));
  reader.check(end >= reader.position() && end - reader.position() <= reader.remaining(), "list past end");
  walk.part(what, [&](PartWalk& values) {
    values.reader().skip(end - values.reader().position());
    values.here().detail = counted(count, what);
    values.here().decoded = decoded_bytes;
  });
}

// Offsets and values lie in further logical files.
void walk_many_files_list(PartWalk& walk, const char* what, std::uint32_t& count) {
  ByteReader& reader = walk.reader();
  reader.skip(4);
  count = read_count(reader);
  const std::string name(reader.text(read_count(reader)));
  walk.here().detail = counted(count, what) + " in files " + name;
}

struct Blocks {
  std::uint32_t values;
  std::size_t bits;
  std::uint8_t codec;
};

void walk_blocks(PartWalk& walk, const Blocks& blocks) {
  const std::size_t bytes = (blocks.values * blocks.bits + 7) / 8;
  const std::uint32_t count = walk_list(walk, "blocks", bytes);
  walk.here().detail = fmt::format("{}, {} values in {} blocks", codec_of(blocks.codec).name, blocks.values, count);
}

// Where the header of an encoding of longs follows, moves behind it.
std::size_t read_bits(PartWalk& walk, std::uint8_t& codec, std::size_t width, std::string& name) {
  if (static_cast<std::int8_t>(codec) >= -2) return width * 8;
  codec = static_cast<std::uint8_t>(static_cast<std::int8_t>(codec) + 126);
  const auto encoding = read_long_encoding(walk.reader().read_byte(), walk.reader());
  if (encoding == nullptr) return width * 8;
  name = encoding->name();
  return encoding->bits_per_value();
}

void walk_front_coded(PartWalk& walk, const char* what) {
  ByteReader& reader = walk.reader();
  const unsigned version = reader.read_byte();
  if (version > 1) refuse("front-coded dictionary", version);
  const unsigned bucket = reader.read_byte();
  const bool null = reader.read_byte() == 1;
  const std::uint32_t count = read_vbyte(reader);
  const std::uint32_t size = read_vbyte(reader);
  walk.leaf("buckets", size);
  walk.here().detail = fmt::format("front coded by {}, {}{}", bucket, counted(count, what), null ? " and null" : "");
}

}  // namespace

std::uint32_t walk_list(PartWalk& walk, const char* what, std::size_t decoded_bytes) {
  ByteReader& reader = walk.reader();
  const unsigned version = reader.read_byte();
  reader.skip(1);
  std::uint32_t count = 0;
  if (version == 1)
    walk_one_file_list(walk, what, decoded_bytes, count);
  else if (version == 2)
    walk_many_files_list(walk, what, count);
  else
    refuse("list of values", version);
  if (walk.here().detail.empty()) walk.here().detail = counted(count, what);
  return count;
}

void walk_dictionary(PartWalk& walk) {
  ByteReader& reader = walk.reader();
  const std::size_t begin = reader.position();
  if (reader.read_byte() != kWrapped) {
    reader.seek(begin);
    walk.here().detail = "utf8, " + counted(walk_list(walk, "values"), "values");
    return;
  }
  const unsigned encoding = reader.read_byte();
  if (encoding == 0)
    walk.here().detail = "utf8, " + counted(walk_list(walk, "values"), "values");
  else if (encoding == 1)
    walk_front_coded(walk, "values");
  else
    refuse("dictionary", encoding);
}

void walk_fixed_list(PartWalk& walk, std::size_t width) {
  ByteReader& reader = walk.reader();
  if (const unsigned version = reader.read_byte(); version != 0) refuse("list of fixed width", version);
  const bool null = (reader.read_byte() & 1) != 0;
  const std::size_t count = reader.read_le<std::uint32_t>();
  reader.check(count <= reader.remaining() / width, "list past end");
  walk.leaf("values", count * width);
  walk.here().detail = counted(count, "values") + (null ? " and null" : "");
}

void walk_front_coded_arrays(PartWalk& walk) { walk_front_coded(walk, "arrays"); }

void walk_plain_ids(PartWalk& walk) {
  ByteReader& reader = walk.reader();
  const unsigned version = reader.read_byte();
  if (version > 1) refuse("packed integers", version);
  const unsigned width = reader.read_byte();
  const std::uint32_t size = read_count(reader);
  walk.here().detail = fmt::format("{} bytes each", width);
  if (version == 0) return walk.leaf("values", size);
  const std::size_t end = reader.position() + size;
  const std::uint32_t rows = read_count(reader);
  reader.check(rows <= reader.remaining() / 4, "offset table past end");
  walk.leaf("offsets", std::size_t{4} * rows);
  reader.check(end >= reader.position(), "list past end");
  walk.leaf("values", end - reader.position());
}

void walk_block_ids(PartWalk& walk) {
  ByteReader& reader = walk.reader();
  if (const unsigned version = reader.read_byte(); version != 2) {
    if (version != 0) refuse("packed integers", version);
    reader.seek(reader.position() - 1);
    return walk_plain_ids(walk);
  }
  const std::size_t width = reader.read_byte();
  const std::uint32_t count = read_count(reader);
  reader.skip(4);
  walk_blocks(walk, {count, width * 8, reader.read_byte()});
}

void walk_wide_block_ids(PartWalk& walk) {
  ByteReader& reader = walk.reader();
  if (const unsigned version = reader.read_byte(); version != 2) refuse("packed integers", version);
  const std::uint32_t count = read_count(reader);
  reader.skip(4);
  walk_blocks(walk, {count, 32, reader.read_byte()});
}

void walk_numbers(PartWalk& walk, std::size_t width, bool longs) {
  ByteReader& reader = walk.reader();
  const unsigned version = reader.read_byte();
  if (version != 1 && version != 2) refuse("numeric column", version);
  const std::uint32_t count = read_count(reader);
  reader.skip(4);
  auto codec = version == 2 ? reader.read_byte() : static_cast<std::uint8_t>(CodecId::kLzf);
  std::string encoding;
  const std::size_t bits = longs ? read_bits(walk, codec, width, encoding) : width * 8;
  if (codec == kNoBlocks) {
    const std::size_t padding = bits == width * 8 && encoding.empty() ? 0 : 4;
    walk.leaf("values", (count * bits + 7) / 8 + padding);
    walk.here().detail = "none, " + counted(count, "values");
  } else {
    walk_blocks(walk, {count, bits, codec});
  }
  if (!encoding.empty()) walk.here().detail = encoding + ", " + walk.here().detail;
}

void walk_sized_bitmap(PartWalk& walk, const char* name) {
  walk.part(name, [](PartWalk& bitmap) { bitmap.reader().skip(read_count(bitmap.reader())); });
}

void walk_stream(PartWalk& walk) {
  ByteReader& reader = walk.reader();
  if (const unsigned version = reader.read_byte(); version != 1) refuse("stream of blocks", version);
  const Codec& codec = codec_of(reader.read_byte());
  const std::size_t block_bytes = read_count(reader);
  reader.check(block_bytes <= kBlockBytesMax, "block size too large");
  const std::uint32_t count = read_count(reader);
  reader.check(count >= 1 && count <= reader.remaining() / 4, "block offsets past end");
  walk.leaf("offsets", std::size_t{4} * count);
  const std::span<const std::byte> rest = reader.bytes(0);  // blocks begin here
  const auto end_of = [&](std::uint32_t i) -> std::size_t {
    return load_le<std::uint32_t>(rest.data() - std::size_t{4} * (count - i));
  };
  const std::size_t end = end_of(count - 1);
  const std::size_t last = count == 1 ? 0 : end_of(count - 2);
  reader.check(last <= end && end <= reader.remaining(), "block offsets past end");
  std::array<std::byte, kBlockBytesMax> buffer;
  const std::size_t last_bytes = end == last ? 0 : codec.decode({rest.data() + last, end - last}, buffer);
  walk.part("blocks", [&](PartWalk& blocks) {
    blocks.reader().skip(end);
    blocks.here().decoded = (count - 1) * block_bytes + last_bytes;
  });
  walk.here().detail = fmt::format("{}, {} blocks", codec.name, count);
}

}  // namespace sarsen::storage
