#include "ingest/incremental_index/metric_column.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <string>
#include <type_traits>
#include <vector>

#include "ingest/row/double_storage.h"
#include "storage/base/error.h"
#include "storage/base/memory_count.h"

namespace sarsen::ingest {
namespace {

using storage::ValueType;

template <class T>
T number_of(const engine::Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<T>(*integer);
  if (const auto* single = std::get_if<float>(&value)) return static_cast<T>(*single);
  if (const auto* number = std::get_if<double>(&value)) return static_cast<T>(*number);
  throw Error(ErrorCategory::kDefensive, "A numeric metric has a value that is no number");
}

constexpr std::uint32_t kBlockRows = BlockChanges::kBlockRows;

/// Values of a block's rows, given in their order.
template <class T>
struct NumericBlock {
  std::array<T, kBlockRows> values{};
  std::array<std::uint64_t, kBlockRows / 64> nulls{};

  void add(std::uint32_t position, const engine::Value& value) {
    if (engine::is_null(value))
      nulls[position / 64] |= std::uint64_t{1} << position % 64;
    else
      values[position] = number_of<T>(value);
  }
};

struct ComplexBlock {
  std::string bytes;
  std::vector<std::size_t> ends;  // by row
  std::vector<bool> nulls;

  void add(std::uint32_t, const engine::Value& value) {
    const auto* complex = std::get_if<engine::ComplexBytes>(&value);
    if (complex != nullptr) bytes += complex->bytes;
    ends.push_back(bytes.size());
    nulls.push_back(complex == nullptr);
  }
};

/// The blocks of a metric for the first `row_count` rows, copied when somebody first reads them.
template <class Block>
class MetricBlocks {
 public:
  MetricBlocks(const IndexRows& rows, std::size_t index, std::uint32_t row_count)
      : rows_(rows), index_(index), row_count_(row_count) {}

  const IndexRows& rows() const noexcept { return rows_; }
  const engine::AggregatorFactory& factory() const { return rows_.metrics.factory(index_); }
  std::uint32_t row_count() const noexcept { return row_count_; }

  void copy() const {
    std::call_once(copied_, [this] {
      const MemoryPause pause;  // they stay when a query has ended
      for (std::uint32_t block = 0; block < BlockChanges::blocks_of(row_count_); ++block)
        blocks_.push_back(block_of(block));
    });
  }
  /// REQUIRES: copy() was called.
  const Block& operator[](std::size_t block) const { return *blocks_[block]; }

 private:
  /// The writer folds under the same lock, so it is held for one block at a time.
  std::shared_ptr<const Block> block_of(std::uint32_t number) const {
    const std::lock_guard lock(rows_.states_mutex);
    CopiedBlocks& copies = rows_.copies[index_];
    if (copies.size() <= number) copies.resize(number + 1);
    CopiedBlock& copy = copies[number];
    const std::uint64_t changed_at = rows_.changes.changed_at(number);
    if (copy.block == nullptr || copy.changed_at != changed_at) copy = {made(number), changed_at};
    return std::static_pointer_cast<const Block>(copy.block);
  }

  std::shared_ptr<const Block> made(std::uint32_t number) const {
    const auto block = std::make_shared<Block>();
    const std::uint32_t begin = number * kBlockRows;
    const std::uint32_t count = std::min(kBlockRows, rows_.states.size() - begin);
    const std::size_t offset = rows_.metrics.offset(index_);
    for (std::uint32_t i = 0; i < count; ++i) block->add(i, factory().stored(rows_.states.row(begin + i) + offset));
    return block;
  }

  const IndexRows& rows_;
  const std::size_t index_;
  const std::uint32_t row_count_;
  mutable std::once_flag copied_;
  mutable std::vector<std::shared_ptr<const Block>> blocks_;
};

template <class T>
class BlocksReader final : public storage::NumericReader<T> {
 public:
  explicit BlocksReader(const MetricBlocks<NumericBlock<T>>& blocks) : blocks_(blocks) {}

  const T* read(std::uint32_t begin, std::uint32_t count, T* scratch) override {
    const std::uint32_t position = begin % kBlockRows;
    if (count == 0) return scratch;
    if (position + count <= kBlockRows) return blocks_[begin / kBlockRows].values.data() + position;
    for (T* out = scratch; count != 0;) {
      const std::uint32_t from = begin % kBlockRows, run = std::min(count, kBlockRows - from);
      out = std::copy_n(blocks_[begin / kBlockRows].values.data() + from, run, out);
      begin += run;
      count -= run;
    }
    return scratch;
  }

  bool read_nulls(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) override {
    bool any = false;
    const std::uint32_t word_count = (count + 63) / 64;
    for (std::uint32_t word = 0; word < word_count; ++word) {
      const std::uint32_t row = begin + word * 64;
      words[word] = blocks_[row / kBlockRows].nulls[row % kBlockRows / 64];
      if (word + 1 == word_count && count % 64 != 0) words[word] &= (std::uint64_t{1} << count % 64) - 1;
      any = any || words[word] != 0;
    }
    return any;
  }

 private:
  const MetricBlocks<NumericBlock<T>>& blocks_;
};

template <class T>
class NumericMetricColumn final : public storage::Column {
 public:
  NumericMetricColumn(const IndexRows& rows, std::size_t index, std::uint32_t row_count)
      : blocks_(rows, index, row_count) {}

  ValueType type() const noexcept override {
    if constexpr (std::is_same_v<T, std::int64_t>) return ValueType::kLong;
    return std::is_same_v<T, float> ? ValueType::kFloat : ValueType::kDouble;
  }
  std::uint32_t row_count() const noexcept override { return blocks_.row_count(); }
  std::string encoding() const override { return "live"; }

  std::unique_ptr<storage::NumericReader<std::int64_t>> long_reader() const override { return reader<std::int64_t>(); }
  std::unique_ptr<storage::NumericReader<float>> float_reader() const override { return reader<float>(); }
  std::unique_ptr<storage::NumericReader<double>> double_reader() const override { return reader<double>(); }

 private:
  template <class Wanted>
  std::unique_ptr<storage::NumericReader<Wanted>> reader() const {
    if constexpr (std::is_same_v<Wanted, T>) {
      blocks_.copy();
      return std::make_unique<BlocksReader<T>>(blocks_);
    } else {
      return nullptr;
    }
  }

  const MetricBlocks<NumericBlock<T>> blocks_;
};

class ComplexBlocksReader final : public storage::ComplexReader {
 public:
  explicit ComplexBlocksReader(const MetricBlocks<ComplexBlock>& blocks) : blocks_(blocks) {}

  std::optional<std::span<const std::byte>> read(std::uint32_t row) override {
    const ComplexBlock& block = blocks_[row / kBlockRows];
    const std::uint32_t position = row % kBlockRows;
    if (block.nulls[position]) return std::nullopt;
    const std::size_t begin = position == 0 ? 0 : block.ends[position - 1];
    return std::as_bytes(std::span(block.bytes)).subspan(begin, block.ends[position] - begin);
  }

 private:
  const MetricBlocks<ComplexBlock>& blocks_;
};

class ComplexMetricColumn final : public storage::Column {
 public:
  ComplexMetricColumn(const IndexRows& rows, std::size_t index, std::uint32_t row_count)
      : blocks_(rows, index, row_count), complex_type_(blocks_.factory().intermediate_kind().complex_type) {}

  ValueType type() const noexcept override { return ValueType::kComplex; }
  std::string_view complex_type() const noexcept override { return complex_type_; }
  std::uint32_t row_count() const noexcept override { return blocks_.row_count(); }
  std::string encoding() const override { return "live"; }

  std::unique_ptr<storage::ComplexReader> complex_reader() const override {
    blocks_.copy();
    return std::make_unique<ComplexBlocksReader>(blocks_);
  }

 private:
  const MetricBlocks<ComplexBlock> blocks_;
  const std::string complex_type_;
};

}  // namespace

std::unique_ptr<const storage::Column> make_metric_column(const IndexRows& rows, std::size_t index,
                                                          std::uint32_t row_count) {
  switch (rows.metrics.factory(index).intermediate_kind().type) {
    case ValueType::kLong:
      return std::make_unique<NumericMetricColumn<std::int64_t>>(rows, index, row_count);
    case ValueType::kFloat:
      return std::make_unique<NumericMetricColumn<float>>(rows, index, row_count);
    case ValueType::kDouble:
      if (stored_doubles_are_floats) return std::make_unique<NumericMetricColumn<float>>(rows, index, row_count);
      return std::make_unique<NumericMetricColumn<double>>(rows, index, row_count);
    case ValueType::kString:
    case ValueType::kComplex:
    case ValueType::kVariant:
      break;
  }
  return std::make_unique<ComplexMetricColumn>(rows, index, row_count);
}

}  // namespace sarsen::ingest
