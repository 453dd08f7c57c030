#include "tests/ingest/merge/picked_segment.h"

#include <map>
#include <random>

namespace sarsen::ingest {
namespace {

using storage::Column;
using Rows = std::vector<std::uint32_t>;

template <class T>
class PickedNumbers final : public storage::NumericReader<T> {
 public:
  PickedNumbers(std::unique_ptr<storage::NumericReader<T>> reader, const Rows& rows)
      : reader_(std::move(reader)), rows_(rows) {}

  const T* read(std::uint32_t begin, std::uint32_t count, T* scratch) override {
    for (std::uint32_t i = 0; i < count; ++i) {
      T one{};
      scratch[i] = *reader_->read(rows_[begin + i], 1, &one);
    }
    return scratch;
  }

  bool read_nulls(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) override {
    std::vector<std::uint64_t> found((count + 63) / 64);
    bool any = false;
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint64_t word = 0;
      const std::uint32_t row = rows_[begin + i];
      const std::uint32_t first = row / 64 * 64;
      if (!reader_->read_nulls(first, row - first + 1, &word) || (word >> (row - first) & 1) == 0) continue;
      found[i / 64] |= std::uint64_t{1} << i % 64;
      any = true;
    }
    if (any) std::copy(found.begin(), found.end(), words);
    return any;
  }

 private:
  std::unique_ptr<storage::NumericReader<T>> reader_;
  const Rows& rows_;
};

class PickedStrings final : public storage::StringReader {
 public:
  PickedStrings(std::unique_ptr<storage::StringReader> reader, const Rows& rows)
      : reader_(std::move(reader)), rows_(rows) {}

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t count, std::uint32_t* scratch) override {
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint32_t one = 0;
      scratch[i] = *reader_->read_ids(rows_[begin + i], 1, &one);
    }
    return scratch;
  }

  Lists read_lists(std::uint32_t begin, std::uint32_t count) override {
    offsets_.assign(1, 0);
    ids_.clear();
    for (std::uint32_t i = 0; i < count; ++i) {
      const Lists lists = reader_->read_lists(rows_[begin + i], 1);
      ids_.insert(ids_.end(), lists.ids + lists.offsets[0], lists.ids + lists.offsets[1]);
      offsets_.push_back(static_cast<std::uint32_t>(ids_.size()));
    }
    return {offsets_.data(), ids_.data()};
  }

 private:
  std::unique_ptr<storage::StringReader> reader_;
  const Rows& rows_;
  Rows offsets_;
  Rows ids_;
};

template <class Reader, class Value>
class PickedValues final : public Reader {
 public:
  PickedValues(std::unique_ptr<Reader> reader, const Rows& rows) : reader_(std::move(reader)), rows_(rows) {}
  Value read(std::uint32_t row) override { return reader_->read(rows_[row]); }

 private:
  std::unique_ptr<Reader> reader_;
  const Rows& rows_;
};

using PickedComplex = PickedValues<storage::ComplexReader, std::optional<std::span<const std::byte>>>;
using PickedStructured = PickedValues<storage::StructuredReader, Json>;

class PickedColumn final : public Column {
 public:
  PickedColumn(const Column& whole, const Rows& rows) : whole_(whole), rows_(rows) {}

  storage::ValueType type() const noexcept override { return whole_.type(); }
  std::uint32_t row_count() const noexcept override { return static_cast<std::uint32_t>(rows_.size()); }
  bool multiple_values() const noexcept override { return whole_.multiple_values(); }
  std::string_view complex_type() const noexcept override { return whole_.complex_type(); }
  std::string logical_type() const override { return whole_.logical_type(); }
  std::unique_ptr<storage::NumericReader<std::int64_t>> long_reader() const override {
    return pick<PickedNumbers<std::int64_t>>(whole_.long_reader());
  }
  std::unique_ptr<storage::NumericReader<float>> float_reader() const override {
    return pick<PickedNumbers<float>>(whole_.float_reader());
  }
  std::unique_ptr<storage::NumericReader<double>> double_reader() const override {
    return pick<PickedNumbers<double>>(whole_.double_reader());
  }
  std::unique_ptr<storage::StringReader> string_reader() const override {
    return pick<PickedStrings>(whole_.string_reader());
  }
  std::unique_ptr<storage::ComplexReader> complex_reader() const override {
    return pick<PickedComplex>(whole_.complex_reader());
  }
  std::unique_ptr<storage::StructuredReader> structured_reader() const override {
    return pick<PickedStructured>(whole_.structured_reader());
  }
  const storage::Dictionary* dictionary() const override { return whole_.dictionary(); }
  const storage::ValueDictionary* value_dictionary() const override { return whole_.value_dictionary(); }
  const storage::BitmapIndex* bitmap_index() const override { return whole_.bitmap_index(); }

 private:
  template <class Picked, class Reader>
  std::unique_ptr<Picked> pick(std::unique_ptr<Reader> reader) const {
    return reader == nullptr ? nullptr : std::make_unique<Picked>(std::move(reader), rows_);
  }

  const Column& whole_;
  const Rows& rows_;
};

class PickedSegment final : public storage::Segment {
 public:
  PickedSegment(std::shared_ptr<const Segment> whole, Rows rows) : whole_(std::move(whole)), rows_(std::move(rows)) {
    const auto add = [this](std::string_view name) {
      if (const Column* column = whole_->column(name))
        columns_.emplace(name, std::make_unique<PickedColumn>(*column, rows_));
    };
    add(storage::kTimeColumn);
    for (const std::string& name : dimensions()) add(name);
    for (const std::string& name : metrics()) add(name);
  }

  std::uint32_t row_count() const noexcept override { return static_cast<std::uint32_t>(rows_.size()); }
  Interval data_interval() const noexcept override { return whole_->data_interval(); }
  bool sorted_by_time() const noexcept override { return false; }
  std::optional<Interval> time_bounds() const override { return std::nullopt; }
  const std::vector<std::string>& dimensions() const noexcept override { return whole_->dimensions(); }
  const std::vector<std::string>& metrics() const noexcept override { return whole_->metrics(); }
  const Column* column(std::string_view name) const override {
    const auto found = columns_.find(name);
    return found == columns_.end() ? nullptr : found->second.get();
  }
  const Json& metadata() const override { return whole_->metadata(); }
  std::size_t size_bytes() const noexcept override { return 0; }

 private:
  std::shared_ptr<const Segment> whole_;
  const Rows rows_;
  std::map<std::string, std::unique_ptr<Column>, std::less<>> columns_;
};

}  // namespace

std::shared_ptr<const storage::Segment> pick_rows(std::shared_ptr<const storage::Segment> whole, Rows rows) {
  return std::make_shared<PickedSegment>(std::move(whole), std::move(rows));
}

std::vector<std::shared_ptr<const storage::Segment>> deal_rows(const std::shared_ptr<const storage::Segment>& whole,
                                                               std::uint32_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Rows> rows(count);
  for (std::uint32_t row = 0; row < whole->row_count(); ++row) rows[random() % count].push_back(row);
  std::vector<std::shared_ptr<const storage::Segment>> parts;
  for (Rows& part : rows) parts.push_back(pick_rows(whole, std::move(part)));
  return parts;
}

}  // namespace sarsen::ingest
