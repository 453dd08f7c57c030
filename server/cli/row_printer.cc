#include "server/cli/row_printer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/base/json_writer.h"

namespace sarsen::server {

using storage::Column;
using storage::ValueType;

namespace {

constexpr std::uint32_t kRows = 512;  // of a vector; a multiple of 64, as read_nulls asks
constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

void append_base64(std::string& out, std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  out += '"';
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t byte = 0; byte < 3; ++byte)
      group = group << 8 | (byte < count ? std::to_integer<std::uint32_t>(bytes[at + byte]) : 0);
    for (std::size_t digit = 0; digit < 4; ++digit)
      out += digit <= count ? kDigits[(group >> (18 - 6 * digit)) & 63] : '=';
  }
  out += '"';
}

void append_number(std::string& out, std::int64_t value) { out += std::to_string(value); }

template <class T>
void append_number(std::string& out, T value) {
  const std::string text = java_text(value);
  if (std::isfinite(value))
    out += text;
  else
    append_json_string(out, text);
}

}  // namespace

class ColumnPrinter {
 public:
  virtual ~ColumnPrinter() = default;
  virtual void load(std::uint32_t begin, std::uint32_t count) = 0;
  /// `at` counts from the last load's begin.
  virtual void append(std::uint32_t at, std::string& out) = 0;
};

namespace {

template <class T>
class NumberPrinter final : public ColumnPrinter {
 public:
  explicit NumberPrinter(std::unique_ptr<storage::NumericReader<T>> reader) : reader_(std::move(reader)) {}

  void load(std::uint32_t begin, std::uint32_t count) override {
    values_ = reader_->read(begin, count, scratch_.data());
    nulls_.fill(0);
    reader_->read_nulls(begin, count, nulls_.data());
  }
  void append(std::uint32_t at, std::string& out) override {
    if ((nulls_[at / 64] >> (at % 64) & 1) != 0)
      out += "null";
    else
      append_number(out, values_[at]);
  }

 private:
  std::unique_ptr<storage::NumericReader<T>> reader_;
  std::array<T, kRows> scratch_{};
  std::array<std::uint64_t, kRows / 64> nulls_{};
  const T* values_ = nullptr;
};

void append_entry(const storage::Dictionary& dictionary, std::uint32_t id, std::string& out) {
  if (const auto value = dictionary.value(id))
    append_json_string(out, *value);
  else
    out += "null";
}

class StringPrinter final : public ColumnPrinter {
 public:
  explicit StringPrinter(const Column& column) : reader_(column.string_reader()), dictionary_(*column.dictionary()) {}

  void load(std::uint32_t begin, std::uint32_t count) override {
    ids_ = reader_->read_ids(begin, count, scratch_.data());
  }
  void append(std::uint32_t at, std::string& out) override { append_entry(dictionary_, ids_[at], out); }

 private:
  std::unique_ptr<storage::StringReader> reader_;
  const storage::Dictionary& dictionary_;
  std::array<std::uint32_t, kRows> scratch_{};
  const std::uint32_t* ids_ = nullptr;
};

class StringListPrinter final : public ColumnPrinter {
 public:
  explicit StringListPrinter(const Column& column)
      : reader_(column.string_reader()), dictionary_(*column.dictionary()) {}

  void load(std::uint32_t begin, std::uint32_t count) override { lists_ = reader_->read_lists(begin, count); }
  void append(std::uint32_t at, std::string& out) override {
    out += '[';
    for (std::uint32_t entry = lists_.offsets[at]; entry < lists_.offsets[at + 1]; ++entry) {
      if (entry > lists_.offsets[at]) out += ',';
      append_entry(dictionary_, lists_.ids[entry], out);
    }
    out += ']';
  }

 private:
  std::unique_ptr<storage::StringReader> reader_;
  const storage::Dictionary& dictionary_;
  storage::StringReader::Lists lists_{};
};

class ComplexPrinter final : public ColumnPrinter {
 public:
  explicit ComplexPrinter(std::unique_ptr<storage::ComplexReader> reader) : reader_(std::move(reader)) {}

  void load(std::uint32_t begin, std::uint32_t) override { begin_ = begin; }
  void append(std::uint32_t at, std::string& out) override {
    if (const auto value = reader_->read(begin_ + at))
      append_base64(out, *value);
    else
      out += "null";
  }

 private:
  std::unique_ptr<storage::ComplexReader> reader_;
  std::uint32_t begin_ = 0;
};

std::unique_ptr<ColumnPrinter> make_printer(const Column& column) {
  switch (column.type()) {
    case ValueType::kLong:
      return std::make_unique<NumberPrinter<std::int64_t>>(column.long_reader());
    case ValueType::kFloat:
      return std::make_unique<NumberPrinter<float>>(column.float_reader());
    case ValueType::kDouble:
      return std::make_unique<NumberPrinter<double>>(column.double_reader());
    case ValueType::kString:
      if (column.multiple_values()) return std::make_unique<StringListPrinter>(column);
      return std::make_unique<StringPrinter>(column);
    case ValueType::kComplex:
      return std::make_unique<ComplexPrinter>(column.complex_reader());
    case ValueType::kVariant:
      break;
  }
  throw Error(ErrorCategory::kDefensive, "A column of no known type");
}

std::vector<std::string> names_in(const storage::Segment& segment) {
  std::vector<std::string> names{std::string(storage::kTimeColumn)};
  names.insert(names.end(), segment.dimensions().begin(), segment.dimensions().end());
  names.insert(names.end(), segment.metrics().begin(), segment.metrics().end());
  return names;
}

}  // namespace

RowPrinter::RowPrinter(std::shared_ptr<const storage::Segment> segment, const std::vector<std::string>& columns)
    : segment_(std::move(segment)) {
  for (const std::string& name : columns) {
    const Column* column = segment_->column(name);
    if (column == nullptr)
      throw Error(ErrorCategory::kInvalidInput,
                  "The segment has no column of that name: " + name + suggestion(name, names_in(*segment_)));
    std::string key;
    append_json_string(key, name);
    keys_.push_back(key + ":");
    printers_.push_back(make_printer(*column));
  }
}

RowPrinter::~RowPrinter() = default;

void RowPrinter::print(std::uint64_t limit, const std::function<void(std::string_view)>& emit) {
  const auto rows = static_cast<std::uint32_t>(std::min<std::uint64_t>(limit, segment_->row_count()));
  std::string out;
  for (std::uint32_t begin = 0; begin < rows; begin += kRows) {
    const std::uint32_t count = std::min(kRows, rows - begin);
    for (const auto& printer : printers_) printer->load(begin, count);
    for (std::uint32_t at = 0; at < count; ++at) {
      for (std::size_t column = 0; column < printers_.size(); ++column) {
        out += column == 0 ? '{' : ',';
        out += keys_[column];
        printers_[column]->append(at, out);
      }
      out += "}\n";
    }
    if (out.size() < kPieceBytes && begin + count < rows) continue;
    emit(out);
    out.clear();
  }
}

}  // namespace sarsen::server
