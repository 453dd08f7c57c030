#include "engine/query/scan_cells.h"

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "engine/query/complex_cell.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/text_source.h"

namespace sarsen::engine {
namespace {

using MaybeText = std::optional<std::string_view>;

void write_text(const MaybeText& text, ResultWriter& out) {
  if (text)
    out.json().string(*text);
  else
    out.json().null();
}

Value value_of_text(const MaybeText& text) { return text ? Value(std::string(*text)) : Value(); }

template <class T>
class NumberCells final : public CellReader {
 public:
  explicit NumberCells(NumericSource<T>& source) : source_(source) {}

  void load(std::uint32_t begin, std::uint32_t size) override {
    begin_ = begin;
    vector_ = source_.read(begin, size);
  }
  void write(std::uint32_t row, ResultWriter& out) override {
    if (is_null(row)) {
      out.json().null();
    } else if constexpr (std::is_same_v<T, std::int64_t>) {
      out.json().integer(vector_.values[row - begin_]);
    } else {
      out.json().number(vector_.values[row - begin_]);
    }
  }
  Value value(std::uint32_t row) override { return is_null(row) ? Value() : Value(vector_.values[row - begin_]); }

 private:
  bool is_null(std::uint32_t row) const { return vector_.nulls != nullptr && mask_has(vector_.nulls, row - begin_); }

  NumericSource<T>& source_;
  std::uint32_t begin_ = 0;
  NumericVector<T> vector_{};
};

class StringCells final : public CellReader {
 public:
  explicit StringCells(StringSource& source) : source_(source) {}

  void load(std::uint32_t begin, std::uint32_t size) override {
    begin_ = begin;
    ids_ = source_.read_ids(begin, size);
  }
  void prefetch(std::span<const std::uint32_t> rows) override {
    next_ids_.clear();
    for (const std::uint32_t row : rows) next_ids_.push_back(ids_[row - begin_]);
    source_.dictionary().prefetch(next_ids_);
  }
  void write(std::uint32_t row, ResultWriter& out) override { write_text(text(row), out); }
  Value value(std::uint32_t row) override { return value_of_text(text(row)); }

 private:
  MaybeText text(std::uint32_t row) const { return source_.dictionary().value(ids_[row - begin_]); }

  StringSource& source_;
  std::uint32_t begin_ = 0;
  const std::uint32_t* ids_ = nullptr;
  std::vector<std::uint32_t> next_ids_;
};

/// Computed texts.
class TextCells final : public CellReader {
 public:
  explicit TextCells(TextSource& source) : source_(source) {}

  void load(std::uint32_t begin, std::uint32_t size) override {
    begin_ = begin;
    texts_ = source_.read_texts(begin, size);
  }
  void write(std::uint32_t row, ResultWriter& out) override { write_text(texts_[row - begin_], out); }
  Value value(std::uint32_t row) override { return value_of_text(texts_[row - begin_]); }

 private:
  TextSource& source_;
  std::uint32_t begin_ = 0;
  const MaybeText* texts_ = nullptr;
};

class StringListCells final : public CellReader {
 public:
  explicit StringListCells(StringSource& source) : source_(source) {}

  void load(std::uint32_t begin, std::uint32_t size) override {
    begin_ = begin;
    lists_ = source_.read_lists(begin, size);
  }
  void write(std::uint32_t row, ResultWriter& out) override {
    const std::uint32_t first = lists_.offsets[row - begin_];
    const std::uint32_t last = lists_.offsets[row - begin_ + 1];
    if (first == last) {
      out.json().null();
    } else if (first + 1 == last) {
      write_one(lists_.ids[first], out);
    } else {
      out.json().begin_array();
      for (std::uint32_t i = first; i < last; ++i) write_one(lists_.ids[i], out);
      out.json().end_array();
    }
  }
  Value value(std::uint32_t row) override {
    const std::uint32_t first = lists_.offsets[row - begin_];
    const std::uint32_t last = lists_.offsets[row - begin_ + 1];
    if (first == last) return {};
    if (first + 1 == last) return one(lists_.ids[first]);
    ListElements elements;
    for (std::uint32_t i = first; i < last; ++i) elements.push_back(one(lists_.ids[i]));
    return List(std::move(elements));
  }

 private:
  void write_one(std::uint32_t id, ResultWriter& out) const {
    if (const auto text = source_.dictionary().value(id)) {
      out.json().string(*text);
    } else {
      out.json().null();
    }
  }
  Value one(std::uint32_t id) const {
    const auto text = source_.dictionary().value(id);
    return text ? Value(std::string(*text)) : Value();
  }

  StringSource& source_;
  std::uint32_t begin_ = 0;
  storage::StringReader::Lists lists_{};
};

Value held(const ValueView& view) {
  return std::visit(
      [](const auto& value) -> Value {
        using Held = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Held, std::string_view>) {
          return std::string(value);
        } else if constexpr (std::is_same_v<Held, std::span<const std::byte>>) {
          return ComplexBytes{std::string(reinterpret_cast<const char*>(value.data()), value.size())};
        } else if constexpr (std::is_same_v<Held, std::vector<std::optional<std::string_view>>>) {
          ListElements elements;
          for (const auto& text : value) elements.push_back(text ? Value(std::string(*text)) : Value());
          return List(std::move(elements));
        } else {
          return value;
        }
      },
      view);
}

/// Complex values, arrays, JSON, and whatever else comes row by row.
class OtherCells final : public CellReader {
 public:
  explicit OtherCells(ValueSource& source) : source_(source) {}
  void load(std::uint32_t, std::uint32_t) override {}
  void write(std::uint32_t row, ResultWriter& out) override { out.value(value(row)); }
  Value value(std::uint32_t row) override { return held(source_.value(row)); }

 private:
  ValueSource& source_;
};

/// Complex values; as values of a subquery they are their bytes.
class ComplexCells final : public CellReader {
 public:
  ComplexCells(ValueSource& source, std::string type) : source_(source), type_(std::move(type)) {}
  void load(std::uint32_t, std::uint32_t) override {}
  void write(std::uint32_t row, ResultWriter& out) override {
    const ValueView view = source_.value(row);
    const auto* bytes = std::get_if<std::span<const std::byte>>(&view);
    bytes != nullptr ? write_complex(type_, *bytes, out) : out.value(held(view));
  }
  Value value(std::uint32_t row) override { return held(source_.value(row)); }

 private:
  ValueSource& source_;
  const std::string type_;
};

/// Stored arrays, mixed values and JSON: as they are.
class StructuredCells final : public CellReader {
 public:
  explicit StructuredCells(std::unique_ptr<storage::StructuredReader> reader) : reader_(std::move(reader)) {}
  void load(std::uint32_t, std::uint32_t) override {}
  void write(std::uint32_t row, ResultWriter& out) override { write_json(out.json(), reader_->read(row)); }
  Value value(std::uint32_t row) override {
    const Json json = reader_->read(row);
    return json.is_bool() ? Value(Nested{json}) : value_of(json);
  }

 private:
  std::unique_ptr<storage::StructuredReader> reader_;
};

class NullCells final : public CellReader {
 public:
  void load(std::uint32_t, std::uint32_t) override {}
  void write(std::uint32_t, ResultWriter& out) override { out.json().null(); }
  Value value(std::uint32_t) override { return {}; }
};

}  // namespace

std::unique_ptr<CellReader> bind_cell(ColumnSources& columns, std::string_view column) {
  const std::optional<ColumnKind> kind = columns.kind(column);
  if (!kind) return std::make_unique<NullCells>();
  const storage::Column* stored = columns.stored(column);
  if (stored != nullptr && (stored->type() == storage::ValueType::kVariant || stored->complex_type() == "json"))
    if (auto reader = stored->structured_reader()) return std::make_unique<StructuredCells>(std::move(reader));
  if (kind->mixed) return std::make_unique<OtherCells>(columns.values(column));
  switch (kind->type) {
    case storage::ValueType::kLong:
      return std::make_unique<NumberCells<std::int64_t>>(columns.longs(column));
    case storage::ValueType::kFloat:
      return std::make_unique<NumberCells<float>>(columns.floats(column));
    case storage::ValueType::kDouble:
      return std::make_unique<NumberCells<double>>(columns.doubles(column));
    case storage::ValueType::kString:
      if (StringSource* strings = columns.strings(column)) {
        if (strings->multiple_values()) return std::make_unique<StringListCells>(*strings);
        if (auto* texts = dynamic_cast<TextSource*>(strings)) return std::make_unique<TextCells>(*texts);
        return std::make_unique<StringCells>(*strings);
      }
      break;
    case storage::ValueType::kComplex:
      return std::make_unique<ComplexCells>(columns.values(column), kind->complex_type);
    case storage::ValueType::kVariant:
      break;
  }
  return std::make_unique<OtherCells>(columns.values(column));
}

}  // namespace sarsen::engine
