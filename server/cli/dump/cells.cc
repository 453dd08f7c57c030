#include "server/cli/dump/cells.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <type_traits>
#include <utility>

#include "storage/base/error.h"
#include "storage/base/interval.h"
#include "storage/base/json_writer.h"

namespace sarsen::server {

using storage::Column;
using storage::Dictionary;
using storage::ValueType;

namespace {

template <class T>
void append_floating(T value, CellStyle style, std::string& out) {
  if (std::isfinite(value))
    out += java_text(value);
  else
    append_text(java_text(value), style, out);
}

template <class T>
class NumberCells final : public Cells {
 public:
  NumberCells(std::unique_ptr<storage::NumericReader<T>> reader, bool iso, CellStyle style)
      : reader_(std::move(reader)), iso_(iso), style_(style) {}

  void load(std::uint32_t begin, std::uint32_t count) override {
    values_ = reader_->read(begin, count, scratch_.data());
    nulls_.fill(0);
    reader_->read_nulls(begin, count, nulls_.data());
  }
  void append(std::uint32_t at, std::string& out) override {
    if ((nulls_[at / 64] >> (at % 64) & 1) != 0) return append_null(style_, out);
    if constexpr (std::is_same_v<T, std::int64_t>)
      if (iso_) return append_text(format_iso(values_[at]), style_, out);
    append_number(values_[at], style_, out);
  }

 private:
  std::unique_ptr<storage::NumericReader<T>> reader_;
  bool iso_;
  CellStyle style_;
  std::array<T, Cells::kRows> scratch_{};
  std::array<std::uint64_t, Cells::kRows / 64> nulls_{};
  const T* values_ = nullptr;
};

/// The values of a dictionary by id.
class Entries {
 public:
  Entries(const Dictionary& dictionary, const CellOptions& options) : dictionary_(dictionary), options_(options) {}

  void append(std::uint32_t id, CellStyle style, std::string& out) const {
    const auto value = dictionary_.value(id);
    if (!value || (options_.empty_is_null && value->empty())) return append_null(style, out);
    append_text(*value, style, out);
  }
  CellStyle style() const noexcept { return options_.style; }

 private:
  const Dictionary& dictionary_;
  CellOptions options_;
};

class StringCells final : public Cells {
 public:
  StringCells(const Column& column, const CellOptions& options)
      : reader_(column.string_reader()), entries_(*column.dictionary(), options) {}

  void load(std::uint32_t begin, std::uint32_t count) override {
    ids_ = reader_->read_ids(begin, count, scratch_.data());
  }
  void append(std::uint32_t at, std::string& out) override { entries_.append(ids_[at], entries_.style(), out); }

 private:
  std::unique_ptr<storage::StringReader> reader_;
  Entries entries_;
  std::array<std::uint32_t, Cells::kRows> scratch_{};
  const std::uint32_t* ids_ = nullptr;
};

class StringListCells final : public Cells {
 public:
  StringListCells(const Column& column, const CellOptions& options)
      : reader_(column.string_reader()),
        entries_(*column.dictionary(), options),
        single_(!has_several_values(column)) {}

  void load(std::uint32_t begin, std::uint32_t count) override { lists_ = reader_->read_lists(begin, count); }
  void append(std::uint32_t at, std::string& out) override {
    const std::uint32_t begin = lists_.offsets[at];
    const std::uint32_t end = lists_.offsets[at + 1];
    if (single_)
      return begin == end ? append_null(entries_.style(), out)
                          : entries_.append(lists_.ids[begin], entries_.style(), out);
    out += '[';
    for (std::uint32_t entry = begin; entry < end; ++entry) {
      if (entry > begin) out += ',';
      entries_.append(lists_.ids[entry], CellStyle::kJson, out);
    }
    out += ']';
  }

 private:
  std::unique_ptr<storage::StringReader> reader_;
  Entries entries_;
  bool single_;
  storage::StringReader::Lists lists_{};
};

class ObjectCells final : public Cells {
 public:
  ObjectCells(const Column& column, CellStyle style)
      : reader_(column.complex_reader()), type_(column.complex_type()), style_(style) {}

  void load(std::uint32_t begin, std::uint32_t) override { begin_ = begin; }
  void append(std::uint32_t at, std::string& out) override {
    if (const auto value = reader_->read(begin_ + at))
      append_object(type_, *value, style_, out);
    else
      append_null(style_, out);
  }

 private:
  std::unique_ptr<storage::ComplexReader> reader_;
  std::string type_;
  CellStyle style_;
  std::uint32_t begin_ = 0;
};

class StructuredCells final : public Cells {
 public:
  StructuredCells(const Column& column, CellStyle style) : reader_(column.structured_reader()), style_(style) {}

  void load(std::uint32_t begin, std::uint32_t) override { begin_ = begin; }
  void append(std::uint32_t at, std::string& out) override {
    const Json value = reader_->read(begin_ + at);
    if (value.is_null()) return append_null(style_, out);
    if (value.is_string()) return append_text(value.string(), style_, out);
    out += value.dump();
  }

 private:
  std::unique_ptr<storage::StructuredReader> reader_;
  CellStyle style_;
  std::uint32_t begin_ = 0;
};

class NullCells final : public Cells {
 public:
  explicit NullCells(CellStyle style) : style_(style) {}
  void load(std::uint32_t, std::uint32_t) override {}
  void append(std::uint32_t, std::string& out) override { append_null(style_, out); }

 private:
  CellStyle style_;
};

}  // namespace

void append_text(std::string_view utf8, CellStyle style, std::string& out) {
  if (style == CellStyle::kJson)
    append_json_string(out, utf8);
  else
    out += utf8;
}

void append_null(CellStyle style, std::string& out) {
  if (style == CellStyle::kJson) out += "null";
}

void append_number(double value, CellStyle style, std::string& out) { append_floating(value, style, out); }
void append_number(float value, CellStyle style, std::string& out) { append_floating(value, style, out); }
void append_number(std::int64_t value, CellStyle, std::string& out) { out += std::to_string(value); }

bool has_several_values(const Column& column) {
  if (!column.multiple_values()) return false;
  const auto reader = column.string_reader();
  for (std::uint32_t begin = 0; begin < column.row_count(); begin += Cells::kRows) {
    const std::uint32_t count = std::min(Cells::kRows, column.row_count() - begin);
    const storage::StringReader::Lists lists = reader->read_lists(begin, count);
    for (std::uint32_t i = 0; i < count; ++i)
      if (lists.offsets[i + 1] - lists.offsets[i] > 1) return true;
  }
  return false;
}

std::unique_ptr<Cells> make_cells(const Column* column, bool is_time, const CellOptions& options) {
  if (column == nullptr) return std::make_unique<NullCells>(options.style);
  switch (column->type()) {
    case ValueType::kLong:
      return std::make_unique<NumberCells<std::int64_t>>(column->long_reader(), is_time && options.iso_times,
                                                         options.style);
    case ValueType::kFloat:
      return std::make_unique<NumberCells<float>>(column->float_reader(), false, options.style);
    case ValueType::kDouble:
      return std::make_unique<NumberCells<double>>(column->double_reader(), false, options.style);
    case ValueType::kString:
      if (column->multiple_values()) return std::make_unique<StringListCells>(*column, options);
      return std::make_unique<StringCells>(*column, options);
    case ValueType::kComplex:
      if (column->structured_reader() == nullptr) return std::make_unique<ObjectCells>(*column, options.style);
      return std::make_unique<StructuredCells>(*column, options.style);
    case ValueType::kVariant:
      return std::make_unique<StructuredCells>(*column, options.style);
  }
  throw Error(ErrorCategory::kDefensive, "A column of no known type");
}

}  // namespace sarsen::server
