// Pairs of a time and a value in cells, as the aggregators of first and last values store them: version, flags, the
// least time, then two byte streams, the begins of the cells and the cells. Times are stored as what they are above the
// least. A row is read in the form that pairs of strings have in the default layout (storage/FORMAT.md, "Pairs").
#include <algorithm>
#include <array>

#include "storage/base/byte_writer.h"
#include "storage/column/byte_stream.h"
#include "storage/column/complex_column.h"

namespace sarsen::storage {

namespace {

constexpr std::uint8_t kVersion = 3;
constexpr std::uint8_t kFlagShortTimes = 0x80;
constexpr std::size_t kUnusedBytes = 2;
constexpr std::size_t kBeginBytes = 8;
constexpr std::uint32_t kBlockBytes = 65536;
constexpr std::int32_t kEmptyString = -1;

struct PairType {
  std::string_view name;
  std::size_t value_bytes;  // 0: a string
};

constexpr std::array kPairTypes = {
    PairType{"serializablePairLongString", 0},
    PairType{"serializablePairLongLong", 8},
    PairType{"serializablePairLongDouble", 8},
    PairType{"serializablePairLongFloat", 4},
};

const PairType* pair_type_of(std::string_view name) noexcept {
  for (const PairType& type : kPairTypes) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

struct Header {
  bool short_times;
  std::uint64_t least_time;
};

struct Cells {
  Header header;
  const PairType* type;
  std::unique_ptr<ByteStream> begins;  // i64 LE: where each cell begins, and where the last one ends
  std::unique_ptr<ByteStream> cells;
};

class PairReader final : public ComplexReader {
 public:
  PairReader(const Cells& cells, const Place& place)
      : cells_(&cells), place_(&place), begins_(*cells.begins), bytes_(*cells.cells) {}

  std::optional<std::span<const std::byte>> read(std::uint32_t row) override {
    return at_place(*place_, [&]() -> std::optional<std::span<const std::byte>> {
      const std::uint64_t begin = begin_of(row);
      const std::span<const std::byte> cell = bytes_.read(begin, begin_of(row + 1));
      if (cell.empty()) return std::nullopt;
      pair_.clear();
      ByteReader reader(cell, "pair");
      write_time(reader);
      if (cells_->type->value_bytes == 0) {
        write_string(reader);
      } else {
        write_number(reader);
      }
      reader.check(reader.at_end(), "bytes left over");
      return pair_.view();
    });
  }

 private:
  std::uint64_t begin_of(std::uint32_t row) {
    const std::uint64_t begin = kBeginBytes * std::uint64_t{row};
    return load_le<std::uint64_t>(begins_.read(begin, begin + kBeginBytes).data());
  }

  // Unsigned, so that the sum wraps as Java's does.
  void write_time(ByteReader& reader) {
    const std::uint64_t above_least = cells_->header.short_times
                                          ? static_cast<std::uint64_t>(std::int64_t{reader.read_le<std::int32_t>()})
                                          : reader.read_le<std::uint64_t>();
    pair_.write_be(cells_->header.least_time + above_least);
  }

  void write_string(ByteReader& reader) {
    const std::int32_t size = reader.read_le<std::int32_t>();
    reader.check(size >= kEmptyString, "string of negative length");
    pair_.write_be(size);
    if (size > 0) pair_.write(reader.bytes(static_cast<std::size_t>(size)));
  }

  // A mark for null, then the value where it is not null. Some versions leave out the mark: then nothing follows a
  // null's time, and the value follows the others'.
  void write_number(ByteReader& reader) {
    const std::size_t value_bytes = cells_->type->value_bytes;
    bool null = reader.at_end();
    if (reader.remaining() == 1 || reader.remaining() == value_bytes + 1) null = reader.read_byte() != 0;
    pair_.write_be<std::uint8_t>(null ? 1 : 0);
    if (null) return;
    const std::span<const std::byte> value = reader.bytes(value_bytes);
    std::reverse_copy(value.begin(), value.end(), pair_.extend(value_bytes));  // LE there, BE here
  }

  const Cells* cells_;
  const Place* place_;
  ByteStreamCursor begins_;
  ByteStreamCursor bytes_;
  ByteWriter pair_;
};

class PairColumn final : public ComplexColumn {
 public:
  PairColumn(const ColumnSource& source, std::string type_name, Cells cells)
      : ComplexColumn(source, std::move(type_name)), cells_(std::move(cells)) {}

  std::string encoding() const override { return "cells, " + cells_.cells->encoding(); }
  std::unique_ptr<ComplexReader> complex_reader() const override {
    return std::make_unique<PairReader>(cells_, place_);
  }

 private:
  Cells cells_;
};

// Size of the block index; begins of the blocks and the end of the last, i32 LE each; size of the blocks; blocks.
std::unique_ptr<ByteStream> read_block_store(ByteReader& reader, const Place& place) {
  const std::span<const std::byte> index = reader.bytes(reader.read_le<std::uint32_t>());
  const std::span<const std::byte> blocks = reader.bytes(reader.read_le<std::uint32_t>());
  reader.check(index.size() >= 4 && load_le<std::uint32_t>(index.data()) == 0, "the first block is not at the begin");
  return std::make_unique<ByteStream>(ByteStream::Layout{.ends = index.subspan(4),
                                                         .blocks = blocks,
                                                         .block_bytes = kBlockBytes,
                                                         .codec = &codec_of(static_cast<std::uint8_t>(CodecId::kLz4))},
                                      place);
}

std::unique_ptr<ByteStream> read_sized_block_store(ByteReader& reader, const char* what, const Place& place) {
  ByteReader store = reader.reader(reader.read_le<std::uint32_t>(), what);
  std::unique_ptr<ByteStream> stream = read_block_store(store, place.with_part(what));
  store.check(store.at_end(), "bytes left over");
  return stream;
}

Header read_header(ByteReader& reader) {
  const std::uint8_t version = reader.read_byte();
  reader.check(version == kVersion, "not a column of cells");
  const std::uint8_t flags = reader.read_byte();
  if ((flags & ~kFlagShortTimes) != 0)
    throw Error(ErrorCategory::kUnsupported, "column of cells with unknown flags " + std::to_string(flags));
  reader.skip(kUnusedBytes);
  return {.short_times = flags != 0, .least_time = reader.read_le<std::uint64_t>()};
}

}  // namespace

bool is_pair_type(std::string_view type_name) noexcept { return pair_type_of(type_name) != nullptr; }

std::unique_ptr<Column> parse_pair_column(const ColumnSource& source, std::string type_name) {
  Cells cells{.header = read_header(source.reader), .type = pair_type_of(type_name), .begins = {}, .cells = {}};
  cells.begins = read_sized_block_store(source.reader, "begins of cells", source.place);
  cells.cells = read_sized_block_store(source.reader, "cells", source.place);
  source.reader.check(
      kBeginBytes * (std::uint64_t{source.row_count} + 1) <= cells.begins->size_bytes_max() || source.row_count == 0,
      "fewer cells than rows");
  return std::make_unique<PairColumn>(source, std::move(type_name), std::move(cells));
}

}  // namespace sarsen::storage
