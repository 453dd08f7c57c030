#pragma once
// A segment in memory of which some columns have a narrow form (storage/narrow), as columns of files get one when they
// are read again and again. For tests of the engine; not thread-safe while it is filled.

#include <bit>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/bitmap/bitmap_writer.h"
#include "storage/narrow/narrow_reader.h"
#include "storage/segment/segment.h"

namespace sarsen::testing {

/// T is std::int64_t or double. `numbers` must have a narrow form, nulls as 0.
template <class T>
class NarrowColumn final : public storage::Column {
 public:
  explicit NarrowColumn(const std::vector<std::optional<T>>& numbers)
      : rows_(static_cast<std::uint32_t>(numbers.size())),
        bytes_(stored(numbers)),
        reader_(bytes_, "column"),
        values_(reader_, std::endian::native, files_, place_),
        narrow_(values_),
        nulls_(null_rows(numbers)) {
    narrow_.note_read(std::uint64_t{2} * rows_);
  }

  storage::ValueType type() const noexcept override {
    return std::is_same_v<T, double> ? storage::ValueType::kDouble : storage::ValueType::kLong;
  }
  std::uint32_t row_count() const noexcept override { return rows_; }
  std::unique_ptr<storage::NumericReader<std::int64_t>> long_reader() const override { return reader<std::int64_t>(); }
  std::unique_ptr<storage::NumericReader<double>> double_reader() const override { return reader<double>(); }

 private:
  class NoFiles final : public storage::LogicalFiles {
   public:
    std::optional<std::span<const std::byte>> find(std::string_view) const override { return std::nullopt; }
  };

  template <class Wanted>
  std::unique_ptr<storage::NumericReader<Wanted>> reader() const {
    if constexpr (std::is_same_v<Wanted, T>)
      if (narrow_.form() != nullptr) return std::make_unique<storage::NarrowReader<T>>(narrow_, nulls_);
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
