#pragma once
// Values gathered from many places as a segment of one column, so that the engine's aggregators can read them: they do
// not learn of merging. Not thread-safe.

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "engine/vector/selection.h"
#include "storage/column/column.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {

/// A segment whose one column changes between reads.
class GatheredSegment final : public storage::Segment {
 public:
  /// The column must outlive it.
  GatheredSegment(std::string name, const storage::Column& column) : name_(std::move(name)), column_(column) {}

  std::uint32_t row_count() const noexcept override { return column_.row_count(); }
  Interval data_interval() const noexcept override { return kEternity; }
  bool sorted_by_time() const noexcept override { return false; }
  std::optional<Interval> time_bounds() const override { return std::nullopt; }
  const std::vector<std::string>& dimensions() const noexcept override { return none_; }
  const std::vector<std::string>& metrics() const noexcept override { return none_; }
  const storage::Column* column(std::string_view name) const override { return name == name_ ? &column_ : nullptr; }
  const Json& metadata() const override { return metadata_; }
  std::size_t size_bytes() const noexcept override { return 0; }

 private:
  const std::string name_;
  const storage::Column& column_;
  const std::vector<std::string> none_;
  const Json metadata_;
};

/// Up to kVectorRows numbers. Whatever row is asked for first, it is the first of these: readers remember which rows
/// they have read, so each filling is read under numbers of its own.
template <class T>
class GatheredNumbers final : public storage::Column {
 public:
  GatheredNumbers() : values_(engine::kVectorRows), nulls_(engine::kVectorWords) {}

  std::uint32_t size() const noexcept { return size_; }
  void add(T value, bool null) {
    values_[size_] = value;
    if (null) nulls_[size_ / 64] |= std::uint64_t{1} << size_ % 64;
    any_null_ = any_null_ || null;
    ++size_;
  }
  void clear() {
    nulls_.assign(nulls_.size(), 0);
    any_null_ = false;
    size_ = 0;
  }

  storage::ValueType type() const noexcept override {
    if constexpr (std::is_same_v<T, std::int64_t>) return storage::ValueType::kLong;
    return std::is_same_v<T, float> ? storage::ValueType::kFloat : storage::ValueType::kDouble;
  }
  std::uint32_t row_count() const noexcept override { return std::numeric_limits<std::uint32_t>::max(); }
  std::unique_ptr<storage::NumericReader<std::int64_t>> long_reader() const override { return reader<std::int64_t>(); }
  std::unique_ptr<storage::NumericReader<float>> float_reader() const override { return reader<float>(); }
  std::unique_ptr<storage::NumericReader<double>> double_reader() const override { return reader<double>(); }

 private:
  class Reader final : public storage::NumericReader<T> {
   public:
    explicit Reader(const GatheredNumbers& column) : column_(column) {}
    const T* read(std::uint32_t, std::uint32_t, T*) override { return column_.values_.data(); }
    bool read_nulls(std::uint32_t, std::uint32_t count, std::uint64_t* words) override {
      if (column_.any_null_) std::copy_n(column_.nulls_.begin(), (count + 63) / 64, words);
      return column_.any_null_;
    }

   private:
    const GatheredNumbers& column_;
  };

  template <class Wanted>
  std::unique_ptr<storage::NumericReader<Wanted>> reader() const {
    if constexpr (std::is_same_v<Wanted, T>)
      return std::make_unique<Reader>(*this);
    else
      return nullptr;
  }

  std::vector<T> values_;
  std::vector<std::uint64_t> nulls_;
  bool any_null_ = false;
  std::uint32_t size_ = 0;
};

}  // namespace sarsen::ingest
