#pragma once
// The values of a column row by row, as JSON, by way of its readers: for tests that compare with recorded rows.

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "storage/base/json.h"
#include "storage/column/column.h"

namespace sarsen::storage {

class RowValues {
 public:
  static constexpr std::uint32_t kStep = 2048;

  /// A null `column` is one of null rows.
  RowValues(const Column* column, std::uint32_t row_count) : column_(column), row_count_(row_count) {
    if (column == nullptr) return;
    longs_ = column->long_reader();
    floats_ = column->float_reader();
    doubles_ = column->double_reader();
    strings_ = column->string_reader();
    structured_ = column->structured_reader();
    if (!structured_) complex_ = column->complex_reader();
  }

  Json at(std::uint32_t row) {
    if (column_ == nullptr) return {};
    if (row / kStep != loaded_ / kStep || values_.empty()) load(row / kStep * kStep);
    return values_[row % kStep];
  }

 private:
  void load(std::uint32_t begin) {
    loaded_ = begin;
    const std::uint32_t count = std::min(kStep, row_count_ - begin);
    values_.assign(count, Json());
    if (longs_) load_numbers(*longs_, begin, count);
    if (floats_) load_numbers(*floats_, begin, count);
    if (doubles_) load_numbers(*doubles_, begin, count);
    if (strings_) load_strings(begin, count);
    if (complex_) load_complex(begin, count);
    for (std::uint32_t i = 0; structured_ && i < count; ++i) values_[i] = structured_->read(begin + i);
  }

  template <class T>
  void load_numbers(NumericReader<T>& reader, std::uint32_t begin, std::uint32_t count) {
    std::vector<T> scratch(count);
    std::vector<std::uint64_t> nulls((count + 63) / 64);
    const T* numbers = reader.read(begin, count, scratch.data());
    const bool any_null = reader.read_nulls(begin, count, nulls.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      if (any_null && (nulls[i / 64] >> i % 64 & 1) != 0) continue;
      values_[i] = number(numbers[i]);
    }
  }

  static Json number(std::int64_t value) { return value; }
  static Json number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
    return value;
  }

  Json text(std::uint32_t id) const {
    const auto value = column_->dictionary()->value(id);
    return value ? Json(*value) : Json();
  }

  void load_strings(std::uint32_t begin, std::uint32_t count) {
    if (!column_->multiple_values()) {
      std::vector<std::uint32_t> scratch(count);
      const std::uint32_t* ids = strings_->read_ids(begin, count, scratch.data());
      for (std::uint32_t i = 0; i < count; ++i) values_[i] = text(ids[i]);
      return;
    }
    const StringReader::Lists lists = strings_->read_lists(begin, count);
    for (std::uint32_t i = 0; i < count; ++i) {
      Json::Array values;
      for (std::uint32_t k = lists.offsets[i]; k < lists.offsets[i + 1]; ++k) values.push_back(text(lists.ids[k]));
      values_[i] = Json(std::move(values));
    }
  }

  void load_complex(std::uint32_t begin, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto bytes = complex_->read(begin + i);
      if (bytes) values_[i] = Json(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
    }
  }

  const Column* column_;
  std::uint32_t row_count_;
  std::uint32_t loaded_ = 0;
  std::unique_ptr<NumericReader<std::int64_t>> longs_;
  std::unique_ptr<NumericReader<float>> floats_;
  std::unique_ptr<NumericReader<double>> doubles_;
  std::unique_ptr<StringReader> strings_;
  std::unique_ptr<ComplexReader> complex_;
  std::unique_ptr<StructuredReader> structured_;
  std::vector<Json> values_;
};

}  // namespace sarsen::storage
