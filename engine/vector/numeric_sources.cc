#include "engine/vector/numeric_sources.h"

#include <algorithm>
#include <array>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/exec/poll.h"
#include "engine/vector/aggregated_number.h"
#include "engine/vector/narrow_source.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/selection.h"
#include "storage/base/check.h"
#include "storage/base/java_number.h"
#include "storage/narrow/narrow_reader.h"
#include "storage/narrow/unnarrow.h"

namespace sarsen::engine {
namespace {

template <class T>
std::unique_ptr<storage::NumericReader<T>> reader_of(const storage::Column& column) {
  if constexpr (std::is_same_v<T, std::int64_t>) {
    return column.long_reader();
  } else if constexpr (std::is_same_v<T, float>) {
    return column.float_reader();
  } else {
    return column.double_reader();
  }
}

template <class To, class From>
To java_cast(From value) noexcept {
  if constexpr (std::is_same_v<To, std::int64_t> && std::is_floating_point_v<From>) {
    return java_long(static_cast<double>(value));
  } else {
    return static_cast<To>(value);
  }
}

/// A numeric column, read as T: without a copy where it is stored as T.
template <class T, class Stored>
class StoredSource final : public NumericSource<T> {
 public:
  explicit StoredSource(const storage::Column& column) : reader_(reader_of<Stored>(column)) {}

  NumericVector<T> read(std::uint32_t begin, std::uint32_t size) override {
    if (begin != begin_ || size != size_) fill(begin, size);
    return vector_;
  }

 private:
  void fill(std::uint32_t begin, std::uint32_t size) {
    const Stored* values = reader_->read(begin, size, stored_.data());
    if constexpr (std::is_same_v<T, Stored>) {
      vector_.values = values;
    } else {
      std::transform(values, values + size, cast_.data(), java_cast<T, Stored>);
      vector_.values = cast_.data();
    }
    vector_.nulls = reader_->read_nulls(begin, size, nulls_.data()) ? nulls_.data() : nullptr;
    begin_ = begin;
    size_ = size;
  }

  std::unique_ptr<storage::NumericReader<Stored>> reader_;
  std::uint32_t begin_ = UINT32_MAX;
  std::uint32_t size_ = 0;
  NumericVector<T> vector_{};
  std::array<Stored, kVectorRows> stored_;
  std::array<T, std::is_same_v<T, Stored> ? 1 : kVectorRows> cast_;
  std::array<std::uint64_t, kVectorWords> nulls_;
};

/// A numeric column in narrow form, read as T. Whoever works on codes never asks for numbers: memory for these is made
/// when somebody does, as a query makes sources for each of its pieces.
template <class T, class Stored>
class NarrowStoredSource final : public NarrowSource<T> {
 public:
  explicit NarrowStoredSource(const storage::Column& column, std::unique_ptr<storage::NarrowReader<Stored>> reader)
      : column_(column), reader_(std::move(reader)) {}

  NumericVector<T> read(std::uint32_t begin, std::uint32_t size) override {
    if (begin == begin_ && size == size_) return vector_;
    const storage::NarrowCodes found = codes(begin, size);
    if (found.codes == nullptr) return read_wide(begin, size);
    if (values_ == nullptr) values_ = std::make_unique_for_overwrite<T[]>(kVectorRows);
    storage::unnarrow(found, size, values_.get());
    vector_ = {values_.get(), nulls(begin, size)};
    begin_ = begin;
    size_ = size;
    return vector_;
  }
  const storage::NarrowForm& form() const noexcept override { return reader_->form(); }
  storage::NarrowRange range(std::uint32_t begin, std::uint32_t end) const noexcept override {
    return reader_->range(begin, end);
  }
  storage::NarrowCodes codes(std::uint32_t begin, std::uint32_t size) override { return reader_->codes(begin, size); }
  bool has_nulls() const noexcept override { return reader_->has_nulls(); }
  storage::CodeBounds bounds(std::uint32_t begin) override {
    static_assert(storage::kNarrowBoundsRows == kVectorRows);
    return reader_->bounds(begin);
  }
  const std::uint64_t* nulls(std::uint32_t begin, std::uint32_t size) override {
    return reader_->read_nulls(begin, size, nulls_.data()) ? nulls_.data() : nullptr;
  }

 private:
  NumericVector<T> read_wide(std::uint32_t begin, std::uint32_t size) {
    if (numbers_ == nullptr) numbers_ = std::make_unique<StoredSource<T, Stored>>(column_);
    return numbers_->read(begin, size);
  }

  const storage::Column& column_;
  std::unique_ptr<StoredSource<T, Stored>> numbers_;  // nullptr: not asked for yet
  std::unique_ptr<storage::NarrowReader<Stored>> reader_;
  std::uint32_t begin_ = UINT32_MAX;
  std::uint32_t size_ = 0;
  NumericVector<T> vector_{};
  std::unique_ptr<T[]> values_;  // nullptr: not asked for yet
  std::array<std::uint64_t, kVectorWords> nulls_;
};

/// With its codes, where the column has any and they mean the same as T.
template <class T, class Stored>
std::unique_ptr<NumericSource<T>> make_stored_source(const storage::Column& column) {
  if constexpr (!std::is_same_v<T, float> && !std::is_same_v<Stored, float> &&
                (std::is_same_v<T, Stored> || std::is_same_v<Stored, std::int64_t>)) {
    std::unique_ptr<storage::NumericReader<Stored>> reader = reader_of<Stored>(column);
    if (dynamic_cast<storage::NarrowReader<Stored>*>(reader.get()) != nullptr)
      return std::make_unique<NarrowStoredSource<T, Stored>>(
          column, std::unique_ptr<storage::NarrowReader<Stored>>(
                      static_cast<storage::NarrowReader<Stored>*>(reader.release())));
  }
  return std::make_unique<StoredSource<T, Stored>>(column);
}

/// A string column read as a number: the dictionary is parsed once; a row of several values has no number.
template <class T>
class ParsedSource final : public NumericSource<T> {
 public:
  explicit ParsedSource(const storage::Column& column)
      : reader_(column.string_reader()), lists_(column.multiple_values()) {
    const storage::Dictionary& dictionary = *column.dictionary();
    numbers_.resize(dictionary.size());
    nulls_by_id_.resize(dictionary.size());
    for (std::uint32_t id = 0; id < dictionary.size(); ++id) {
      poll();
      const std::optional<std::string_view> text = dictionary.value(id);
      const std::optional<T> number = text ? aggregated_number<T>(*text) : std::nullopt;
      numbers_[id] = number.value_or(T{});
      nulls_by_id_[id] = !number.has_value();
    }
  }

  NumericVector<T> read(std::uint32_t begin, std::uint32_t size) override {
    nulls_.fill(0);
    if (lists_) {
      const storage::StringReader::Lists lists = reader_->read_lists(begin, size);
      for (std::uint32_t row = 0; row < size; ++row)
        set(row, lists.offsets[row + 1] - lists.offsets[row] == 1 ? &lists.ids[lists.offsets[row]] : nullptr);
    } else {
      const std::uint32_t* ids = reader_->read_ids(begin, size, ids_.data());
      for (std::uint32_t row = 0; row < size; ++row) set(row, &ids[row]);
    }
    return {values_.data(), nulls_.data()};
  }

 private:
  void set(std::uint32_t row, const std::uint32_t* id) {
    values_[row] = id != nullptr ? numbers_[*id] : T{};
    const bool is_null = id == nullptr || nulls_by_id_[*id] != 0;
    nulls_[row / 64] |= std::uint64_t{is_null} << (row % 64);
  }

  std::unique_ptr<storage::StringReader> reader_;
  bool lists_;
  std::vector<T> numbers_;
  std::vector<std::uint8_t> nulls_by_id_;
  std::array<std::uint32_t, kVectorRows> ids_;
  std::array<T, kVectorRows> values_;
  std::array<std::uint64_t, kVectorWords> nulls_;
};

/// A column of mixed values read as a number: the dictionary once; arrays have no number.
template <class T>
class MixedSource final : public NumericSource<T> {
 public:
  explicit MixedSource(const storage::Column& column) : reader_(column.id_reader()) {
    const storage::ValueDictionary& dictionary = *column.value_dictionary();
    for (std::uint32_t id = 0; id < dictionary.size(); ++id) {
      poll();
      numbers_.push_back(number(dictionary.value(id)));
    }
  }

  NumericVector<T> read(std::uint32_t begin, std::uint32_t size) override {
    nulls_.fill(0);
    const std::uint32_t* ids = reader_->read(begin, size, ids_.data());
    for (std::uint32_t row = 0; row < size; ++row) {
      const std::optional<T>& found = numbers_[ids[row]];
      values_[row] = found.value_or(T{});
      nulls_[row / 64] |= std::uint64_t{!found} << (row % 64);
    }
    return {values_.data(), nulls_.data()};
  }

 private:
  static std::optional<T> number(const Json& json) {
    if (json.is_integer()) return java_cast<T>(json.integer());
    if (json.is_double()) return java_cast<T>(json.number());
    return json.is_string() ? aggregated_number<T>(json.string()) : std::nullopt;
  }

  std::unique_ptr<storage::IdReader> reader_;
  std::vector<std::optional<T>> numbers_;
  std::array<std::uint32_t, kVectorRows> ids_;
  std::array<T, kVectorRows> values_;
  std::array<std::uint64_t, kVectorWords> nulls_;
};

/// A column that does not exist.
template <class T>
class NullSource final : public NumericSource<T> {
 public:
  NullSource() { values_.fill(T{}); }

  NumericVector<T> read(std::uint32_t, std::uint32_t size) override {
    fill_mask(nulls_.data(), size, true);
    return {values_.data(), nulls_.data()};
  }

 private:
  std::array<T, kVectorRows> values_;
  std::array<std::uint64_t, kVectorWords> nulls_;
};

}  // namespace

template <class T>
std::unique_ptr<NumericSource<T>> make_numeric_source(const storage::Column* column, std::string_view name) {
  if (column == nullptr) return std::make_unique<NullSource<T>>();
  switch (column->type()) {
    case storage::ValueType::kLong:
      return make_stored_source<T, std::int64_t>(*column);
    case storage::ValueType::kFloat:
      return make_stored_source<T, float>(*column);
    case storage::ValueType::kDouble:
      return make_stored_source<T, double>(*column);
    case storage::ValueType::kString:
      return std::make_unique<ParsedSource<T>>(*column);
    case storage::ValueType::kVariant:
      return std::make_unique<MixedSource<T>>(*column);
    case storage::ValueType::kComplex:  // rows in memory give nulls
      if (column->double_reader() != nullptr) return make_stored_source<T, double>(*column);
      break;
  }
  const ColumnKind kind = kind_of(*column);
  refuse_structured(kind, name);
  throw Error(ErrorCategory::kInvalidInput,
              "A complex column has no number: " + std::string(name) + " is " + kind.type_name());
}

template std::unique_ptr<NumericSource<std::int64_t>> make_numeric_source(const storage::Column*, std::string_view);
template std::unique_ptr<NumericSource<float>> make_numeric_source(const storage::Column*, std::string_view);
template std::unique_ptr<NumericSource<double>> make_numeric_source(const storage::Column*, std::string_view);

}  // namespace sarsen::engine
