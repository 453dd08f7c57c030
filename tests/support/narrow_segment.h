#pragma once
// A segment in memory of which some columns have a narrow form, or ids (storage/narrow), as columns of files get them
// when they are read again and again. For tests of the engine; not thread-safe while it is filled.

#include <bit>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/bitmap/bitmap_writer.h"
#include "storage/column/mapped_numeric_reader.h"
#include "storage/narrow/narrow_reader.h"
#include "storage/narrow/number_ids.h"
#include "storage/segment/segment.h"

namespace sarsen::testing {

/// T is std::int64_t or double. It has the narrow form that `numbers` have, if any, nulls as 0, and longs may get ids.
template <class T>
class NarrowColumn final : public storage::Column, public storage::HasNumberIds {
 public:
  /// `reads`: how often it has been read whole.
  explicit NarrowColumn(const std::vector<std::optional<T>>& numbers, std::uint32_t reads = 2)
      : rows_(static_cast<std::uint32_t>(numbers.size())),
        bytes_(stored(numbers)),
        reader_(bytes_, "column"),
        values_(reader_, std::endian::native, files_, place_),
        narrow_(values_),
        nulls_(null_rows(numbers)),
        numbered_(values_, nulls_, &narrow_) {
    narrow_.note_read(std::uint64_t{reads} * rows_);
  }

  storage::ValueType type() const noexcept override {
    return std::is_same_v<T, double> ? storage::ValueType::kDouble : storage::ValueType::kLong;
  }
  std::uint32_t row_count() const noexcept override { return rows_; }
  bool may_have_nulls() const noexcept override { return nulls_.any(); }
  std::unique_ptr<storage::NumericReader<std::int64_t>> long_reader() const override { return reader<std::int64_t>(); }
  std::unique_ptr<storage::NumericReader<double>> double_reader() const override { return reader<double>(); }
  bool is_narrow() const { return narrow_.form() != nullptr; }
  storage::NumberedLongs* numbered() const noexcept override {
    if constexpr (std::is_same_v<T, std::int64_t>) return &numbered_;
    return nullptr;
  }

 private:
  struct NoNumberIds {
    template <class Values, class Narrow>
    NoNumberIds(const Values&, const storage::NullRows&, const Narrow*) noexcept {}
  };
  using Numbered = std::conditional_t<std::is_same_v<T, std::int64_t>, storage::NumberedLongs, NoNumberIds>;

  class NoFiles final : public storage::LogicalFiles {
   public:
    std::optional<std::span<const std::byte>> find(std::string_view) const override { return std::nullopt; }
  };

  template <class Wanted>
  std::unique_ptr<storage::NumericReader<Wanted>> reader() const {
    if constexpr (std::is_same_v<Wanted, T>) {
      if (narrow_.form() != nullptr) return std::make_unique<storage::NarrowReader<T>>(narrow_, nulls_);
      return std::make_unique<storage::MappedNumericReader<T>>(values_, nulls_, place_);
    }
    return nullptr;
  }

  /// As a file has it, without a codec.
  static std::vector<std::byte> stored(const std::vector<std::optional<T>>& numbers) {
    ByteWriter out;
    out.write_be(std::uint8_t{2});
    out.write_be(static_cast<std::uint32_t>(numbers.size()));
    out.write_be(static_cast<std::uint32_t>(numbers.size()));
    out.write_be(static_cast<std::uint8_t>(storage::CodecId::kNone));
    for (const std::optional<T>& number : numbers) out.write_le(number.value_or(T{0}));
    return {out.view().begin(), out.view().end()};
  }

  static storage::NullRows null_rows(const std::vector<std::optional<T>>& numbers) {
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < numbers.size(); ++row)
      if (!numbers[row]) rows.push_back(row);
    if (rows.empty()) return {};
    ByteWriter out;
    storage::write_bitmap(storage::BitmapEncoding::kRoaring, rows, out);
    return {storage::BitmapEncoding::kRoaring, out.view(), static_cast<std::uint32_t>(numbers.size())};
  }

  std::uint32_t rows_;
  std::vector<std::byte> bytes_;
  ByteReader reader_;
  NoFiles files_;
  storage::Place place_;
  storage::NumericValues<T> values_;
  mutable storage::NarrowNumbers<T> narrow_;
  storage::NullRows nulls_;
  mutable Numbered numbered_;
};

/// Another segment, with such columns in place of its own.
class NarrowSegment final : public storage::Segment {
 public:
  explicit NarrowSegment(std::shared_ptr<const storage::Segment> segment) : segment_(std::move(segment)) {}

  template <class T>
  NarrowSegment& narrow(const std::string& name, const std::vector<std::optional<T>>& numbers) {
    columns_[name] = std::make_unique<NarrowColumn<T>>(numbers);
    return *this;
  }
  /// Numbers that have no narrow form, or one that is of no use to those who group by them.
  NarrowSegment& numbered(const std::string& name, const std::vector<std::optional<std::int64_t>>& numbers) {
    auto column = std::make_unique<NarrowColumn<std::int64_t>>(numbers);
    column->numbered()->note_looked_up(std::uint64_t{2} * numbers.size());
    columns_[name] = std::move(column);
    return *this;
  }

  std::uint32_t row_count() const noexcept override { return segment_->row_count(); }
  Interval data_interval() const noexcept override { return segment_->data_interval(); }
  bool sorted_by_time() const noexcept override { return segment_->sorted_by_time(); }
  std::optional<Interval> time_bounds() const override { return segment_->time_bounds(); }
  const std::vector<std::string>& dimensions() const noexcept override { return segment_->dimensions(); }
  const std::vector<std::string>& metrics() const noexcept override { return segment_->metrics(); }
  const Json& metadata() const override { return segment_->metadata(); }
  std::size_t size_bytes() const noexcept override { return 0; }
  const storage::Column* column(std::string_view name) const override {
    const auto found = columns_.find(name);
    return found != columns_.end() ? found->second.get() : segment_->column(name);
  }

 private:
  std::shared_ptr<const storage::Segment> segment_;
  std::map<std::string, std::unique_ptr<storage::Column>, std::less<>> columns_;
};

}  // namespace sarsen::testing
