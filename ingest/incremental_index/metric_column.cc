#include "ingest/incremental_index/metric_column.h"

#include <mutex>
#include <string>
#include <vector>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using storage::ValueType;

/// Calls `take(row, value)` for every row, under the lock that the writer folds under.
template <class Take>
void copy_states(const IndexRows& rows, std::size_t index, std::uint32_t row_count, Take take) {
  const engine::AggregatorFactory& factory = rows.metrics.factory(index);
  const std::size_t offset = rows.metrics.offset(index);
  const std::lock_guard lock(rows.states_mutex);
  for (std::uint32_t row = 0; row < row_count; ++row) take(row, factory.stored(rows.states.row(row) + offset));
}

template <class T>
T number_of(const engine::Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<T>(*integer);
  if (const auto* single = std::get_if<float>(&value)) return static_cast<T>(*single);
  if (const auto* number = std::get_if<double>(&value)) return static_cast<T>(*number);
  throw Error(ErrorCategory::kDefensive, "A numeric metric has a value that is no number");
}

template <class T>
struct NumericValues {
  std::vector<T> values;
  std::vector<std::uint64_t> nulls;
  bool any_null = false;
};

template <class T>
class ValuesReader final : public storage::NumericReader<T> {
 public:
  explicit ValuesReader(const NumericValues<T>& values) : values_(values) {}

  const T* read(std::uint32_t begin, std::uint32_t, T*) override { return values_.values.data() + begin; }

  bool read_nulls(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) override {
    if (!values_.any_null) return false;
    bool any = false;
    const std::uint32_t word_count = (count + 63) / 64;
    for (std::uint32_t word = 0; word < word_count; ++word) {
      words[word] = values_.nulls[begin / 64 + word];
      if (word + 1 == word_count && count % 64 != 0) words[word] &= (std::uint64_t{1} << count % 64) - 1;
      any = any || words[word] != 0;
    }
    return any;
  }

 private:
  const NumericValues<T>& values_;
};

template <class T>
class NumericMetricColumn final : public storage::Column {
 public:
  NumericMetricColumn(const IndexRows& rows, std::size_t index, std::uint32_t row_count)
      : rows_(rows), index_(index), row_count_(row_count) {}

  ValueType type() const noexcept override { return rows_.metrics.factory(index_).intermediate_kind().type; }
  std::uint32_t row_count() const noexcept override { return row_count_; }
  std::string encoding() const override { return "live"; }

  std::unique_ptr<storage::NumericReader<std::int64_t>> long_reader() const override { return reader<std::int64_t>(); }
  std::unique_ptr<storage::NumericReader<float>> float_reader() const override { return reader<float>(); }
  std::unique_ptr<storage::NumericReader<double>> double_reader() const override { return reader<double>(); }

 private:
  template <class Wanted>
  std::unique_ptr<storage::NumericReader<Wanted>> reader() const {
    if constexpr (std::is_same_v<Wanted, T>) {
      std::call_once(copied_, [this] { copy(); });
      return std::make_unique<ValuesReader<T>>(values_);
    } else {
      return nullptr;
    }
  }

  void copy() const {
    values_.values.resize(row_count_);
    values_.nulls.assign((std::size_t{row_count_} + 63) / 64, 0);
    copy_states(rows_, index_, row_count_, [this](std::uint32_t row, const engine::Value& value) {
      if (engine::is_null(value)) {
        values_.nulls[row / 64] |= std::uint64_t{1} << row % 64;
        values_.any_null = true;
      } else {
        values_.values[row] = number_of<T>(value);
      }
    });
  }

  const IndexRows& rows_;
  const std::size_t index_;
  const std::uint32_t row_count_;
  mutable std::once_flag copied_;
  mutable NumericValues<T> values_;
};

struct ComplexValues {
  std::string bytes;
  std::vector<std::size_t> ends;  // by row
  std::vector<bool> nulls;
};

class ComplexValuesReader final : public storage::ComplexReader {
 public:
  explicit ComplexValuesReader(const ComplexValues& values) : values_(values) {}

  std::optional<std::span<const std::byte>> read(std::uint32_t row) override {
    if (values_.nulls[row]) return std::nullopt;
    const std::size_t begin = row == 0 ? 0 : values_.ends[row - 1];
    return std::as_bytes(std::span(values_.bytes)).subspan(begin, values_.ends[row] - begin);
  }

 private:
  const ComplexValues& values_;
};

class ComplexMetricColumn final : public storage::Column {
 public:
  ComplexMetricColumn(const IndexRows& rows, std::size_t index, std::uint32_t row_count)
      : rows_(rows),
        index_(index),
        row_count_(row_count),
        complex_type_(rows.metrics.factory(index).intermediate_kind().complex_type) {}

  ValueType type() const noexcept override { return ValueType::kComplex; }
  std::string_view complex_type() const noexcept override { return complex_type_; }
  std::uint32_t row_count() const noexcept override { return row_count_; }
  std::string encoding() const override { return "live"; }

  std::unique_ptr<storage::ComplexReader> complex_reader() const override {
    std::call_once(copied_, [this] { copy(); });
    return std::make_unique<ComplexValuesReader>(values_);
  }

 private:
  void copy() const {
    copy_states(rows_, index_, row_count_, [this](std::uint32_t, const engine::Value& value) {
      const auto* complex = std::get_if<engine::ComplexBytes>(&value);
      if (complex != nullptr) values_.bytes += complex->bytes;
      values_.ends.push_back(values_.bytes.size());
      values_.nulls.push_back(complex == nullptr);
    });
  }

  const IndexRows& rows_;
  const std::size_t index_;
  const std::uint32_t row_count_;
  const std::string complex_type_;
  mutable std::once_flag copied_;
  mutable ComplexValues values_;
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
      return std::make_unique<NumericMetricColumn<double>>(rows, index, row_count);
    case ValueType::kString:
    case ValueType::kComplex:
    case ValueType::kVariant:
      break;
  }
  return std::make_unique<ComplexMetricColumn>(rows, index, row_count);
}

}  // namespace sarsen::ingest
