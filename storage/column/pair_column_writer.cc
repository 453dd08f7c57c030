#include "storage/column/pair_column_writer.h"

#include <algorithm>
#include <array>
#include <vector>

#include "storage/codec/codec_writer.h"

namespace sarsen::storage {
namespace {

constexpr std::uint8_t kVersion = 3;
constexpr std::uint8_t kFlagShortTimes = 0x80;
constexpr std::size_t kUnusedBytes = 2;

struct NumberPair {
  std::string_view type;
  std::size_t value_bytes;
};

constexpr std::array kNumberPairs = {NumberPair{"serializablePairLongLong", 8},
                                     NumberPair{"serializablePairLongDouble", 8},
                                     NumberPair{"serializablePairLongFloat", 4}};

std::size_t value_bytes_of(std::string_view type) noexcept {
  for (const NumberPair& pair : kNumberPairs)
    if (pair.type == type) return pair.value_bytes;
  return 0;
}

/// A byte stream with another header than byte_stream_writer.h's, and no empty block at its end.
class BlockStore {
 public:
  BlockStore() { index_.write_le<std::uint32_t>(0); }

  void write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const auto piece = bytes.first(std::min(bytes.size(), kBlockBytesMax - block_.size()));
      block_.insert(block_.end(), piece.begin(), piece.end());
      bytes = bytes.subspan(piece.size());
      if (block_.size() == kBlockBytesMax) flush();
    }
  }

  void finish(ByteWriter& out) {
    if (!block_.empty()) flush();
    const std::size_t size = 8 + index_.size() + blocks_.size();
    if (size > INT32_MAX) throw Error(ErrorCategory::kUnsupported, "The cells of the column are larger than 2 GiB");
    out.write_le(static_cast<std::uint32_t>(size));
    for (const ByteWriter* part : {&index_, &blocks_}) {
      out.write_le(static_cast<std::uint32_t>(part->size()));
      out.write(part->view());
    }
  }

 private:
  void flush() {
    compressor_->compress(block_, blocks_);
    block_.clear();
    index_.write_le(static_cast<std::uint32_t>(blocks_.size()));
  }

  std::unique_ptr<BlockCompressor> compressor_ = make_lz4_compressor();
  std::vector<std::byte> block_;
  ByteWriter index_;
  ByteWriter blocks_;
};

/// The pairs of all rows, in memory: their times are stored as distances from the least one.
class Pairs {
 public:
  Pairs(const ComplexColumnData& column, std::uint32_t row_count) : value_bytes_(value_bytes_of(column.type)) {
    for (std::uint32_t row = 0; row < row_count; ++row) {
      if (const auto pair = column.value(row)) add(*pair);
      ends_.push_back(values_.size());
    }
  }

  std::int64_t least_time() const { return least_time_; }
  bool short_times() const {
    return static_cast<std::uint64_t>(greatest_time_) - static_cast<std::uint64_t>(least_time_) <= INT32_MAX;
  }

  /// Calls visit(cell) row by row: distance, mark, value, low byte first. Null is a cell of no bytes.
  template <class Visit>
  void each_cell(Visit&& visit) const {
    ByteWriter cell;
    std::size_t begin = 0;
    auto time = times_.begin();
    for (const std::size_t end : ends_) {
      cell.clear();
      if (end != begin) {
        const std::uint64_t distance = static_cast<std::uint64_t>(*time++) - static_cast<std::uint64_t>(least_time_);
        if (short_times())
          cell.write_le(static_cast<std::uint32_t>(distance));
        else
          cell.write_le(distance);
        cell.write(values_.view().subspan(begin, end - begin));
      }
      visit(cell.view());
      begin = end;
    }
  }

 private:
  /// From what a reader gives: the time, a mark, and unless it says null the value, all high byte first.
  void add(std::span<const std::byte> bytes) {
    ByteReader pair(bytes, "pair");
    if (bytes.size() != 9 && bytes.size() != 9 + value_bytes_)
      throw Error(ErrorCategory::kDefensive, "a value of the column is no pair of a time and a number");
    const std::int64_t time = pair.read_be<std::int64_t>();
    times_.push_back(time);
    least_time_ = std::min(least_time_, time);
    greatest_time_ = std::max(greatest_time_, time);
    values_.write_be(pair.read_byte());
    const auto value = pair.bytes(pair.remaining());
    std::reverse_copy(value.begin(), value.end(), values_.extend(value.size()));
  }

  std::size_t value_bytes_;
  std::int64_t least_time_ = INT64_MAX;
  std::int64_t greatest_time_ = INT64_MIN;
  std::vector<std::int64_t> times_;  // of the rows that are not null
  ByteWriter values_;                // marks and values
  std::vector<std::size_t> ends_;
};

}  // namespace

bool is_number_pair(std::string_view type) noexcept { return value_bytes_of(type) != 0; }

void write_number_pairs(const ComplexColumnData& column, std::uint32_t row_count, ByteWriter& out) {
  const Pairs pairs(column, row_count);
  BlockStore begins;
  BlockStore cells;
  std::uint64_t end = 0;
  const auto write_end = [&] {
    std::array<std::byte, 8> bytes;
    store_le(bytes.data(), end);
    begins.write(bytes);
  };
  write_end();
  pairs.each_cell([&](std::span<const std::byte> cell) {
    cells.write(cell);
    end += cell.size();
    write_end();
  });
  out.write_be(kVersion);
  out.write_be<std::uint8_t>(pairs.short_times() ? kFlagShortTimes : 0);
  out.extend(kUnusedBytes);
  out.write_le(pairs.least_time());
  begins.finish(out);
  cells.finish(out);
}

}  // namespace sarsen::storage
