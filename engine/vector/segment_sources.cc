#include "engine/vector/segment_sources.h"

#include <array>
#include <vector>

#include "engine/exec/poll.h"
#include "engine/result/value_cast.h"
#include "engine/vector/growing_dictionary.h"
#include "engine/vector/numeric_sources.h"
#include "engine/vector/selection.h"

namespace sarsen::engine {
namespace {

class ColumnStringSource final : public StringSource {
 public:
  explicit ColumnStringSource(const storage::Column& column) : column_(column), reader_(column.string_reader()) {}

  const storage::Dictionary& dictionary() const override { return *column_.dictionary(); }
  const storage::BitmapIndex* bitmap_index() const override { return column_.bitmap_index(); }
  bool multiple_values() const override { return column_.multiple_values(); }

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    if (begin != begin_ || size != size_) ids_ = reader_->read_ids(begin, size, scratch_.data());
    remember(begin, size);
    return ids_;
  }

  storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size) override {
    if (begin != begin_ || size != size_) lists_ = reader_->read_lists(begin, size);
    remember(begin, size);
    return lists_;
  }

 private:
  void remember(std::uint32_t begin, std::uint32_t size) noexcept {
    begin_ = begin;
    size_ = size;
  }

  const storage::Column& column_;
  std::unique_ptr<storage::StringReader> reader_;
  std::uint32_t begin_ = UINT32_MAX;
  std::uint32_t size_ = 0;
  const std::uint32_t* ids_ = nullptr;
  storage::StringReader::Lists lists_{};
  std::array<std::uint32_t, kVectorRows> scratch_;
};

/// The texts of a dictionary of any values. Different values may have one text: then their ids become one.
class ValueStringSource final : public StringSource {
 public:
  explicit ValueStringSource(const storage::Column& column) : reader_(column.id_reader()) {
    const storage::ValueDictionary& values = *column.value_dictionary();
    for (std::uint32_t id = 0; id < values.size(); ++id) {
      poll();
      text_ids_.push_back(dictionary_.id_of(text(values.value(id))));
    }
  }

  const storage::Dictionary& dictionary() const override { return dictionary_; }
  bool multiple_values() const override { return false; }
  storage::StringReader::Lists read_lists(std::uint32_t, std::uint32_t) override { return {nullptr, nullptr}; }

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    const std::uint32_t* ids = reader_->read(begin, size, scratch_.data());
    for (std::uint32_t row = 0; row < size; ++row) ids_[row] = text_ids_[ids[row]];
    return ids_.data();
  }

 private:
  static std::optional<std::string> text(const Json& json) {
    const Value value = value_of(json);
    return json.is_array() || json.is_object() ? json.dump() : value_text(value);
  }

  std::unique_ptr<storage::IdReader> reader_;
  GrowingDictionary dictionary_;
  std::vector<std::uint32_t> text_ids_;
  std::array<std::uint32_t, kVectorRows> scratch_;
  std::array<std::uint32_t, kVectorRows> ids_;
};

/// Arrays and mixed values, each decoded once; documents of JSON, row by row.
class StructuredValueSource final : public ValueSource {
 public:
  explicit StructuredValueSource(const storage::Column& column)
      : values_(column.value_dictionary()),
        ids_(values_ != nullptr ? column.id_reader() : nullptr),
        documents_(values_ == nullptr ? column.structured_reader() : nullptr) {
    if (values_ != nullptr) decoded_.resize(values_->size());
  }

  ValueView value(std::uint32_t row) override {
    if (documents_ == nullptr) return view(by_id(row));
    Json json = documents_->read(row);
    return json.is_null() ? ValueView() : ValueView(Nested{std::move(json)});
  }

 private:
  const Value& by_id(std::uint32_t row) {
    std::uint32_t scratch = 0;
    const std::uint32_t id = *ids_->read(row, 1, &scratch);
    if (!decoded_[id]) decoded_[id] = value_of(values_->value(id));
    return *decoded_[id];
  }

  static ValueView view(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return std::string_view(*text);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
    if (const auto* number = std::get_if<double>(&value)) return *number;
    if (const auto* list = std::get_if<List>(&value)) return *list;
    if (const auto* nested = std::get_if<Nested>(&value)) return *nested;
    return {};
  }

  const storage::ValueDictionary* values_;
  std::unique_ptr<storage::IdReader> ids_;
  std::unique_ptr<storage::StructuredReader> documents_;
  std::vector<std::optional<Value>> decoded_;
};

/// Rows one by one, by readers of one row.
class ColumnValueSource final : public ValueSource {
 public:
  explicit ColumnValueSource(const storage::Column* column)
      : column_(column),
        longs_(column ? column->long_reader() : nullptr),
        floats_(column ? column->float_reader() : nullptr),
        doubles_(column ? column->double_reader() : nullptr),
        strings_(column ? column->string_reader() : nullptr),
        complex_(column ? column->complex_reader() : nullptr) {}

  ValueView value(std::uint32_t row) override {
    if (complex_) return bytes(row);
    if (longs_) return number(*longs_, row);
    if (floats_) return number(*floats_, row);
    if (doubles_) return number(*doubles_, row);
    if (strings_) return column_->multiple_values() ? list(row) : text(row);
    return {};
  }

 private:
  template <class T>
  ValueView number(storage::NumericReader<T>& reader, std::uint32_t row) {
    std::uint64_t nulls = 0;
    T scratch[64];
    const std::uint32_t begin = row / 64 * 64;
    const std::uint32_t count = row - begin + 1;
    if (reader.read_nulls(begin, count, &nulls) && ((nulls >> (row - begin)) & 1) != 0) return {};
    return reader.read(begin, count, scratch)[row - begin];
  }

  ValueView bytes(std::uint32_t row) {
    const auto held = complex_->read(row);
    return held ? ValueView(*held) : ValueView();
  }

  ValueView text(std::uint32_t row) {
    std::uint32_t scratch = 0;
    const std::optional<std::string_view> value = column_->dictionary()->value(*strings_->read_ids(row, 1, &scratch));
    return value ? ValueView(*value) : ValueView();
  }

  ValueView list(std::uint32_t row) {
    const storage::StringReader::Lists lists = strings_->read_lists(row, 1);
    std::vector<std::optional<std::string_view>> values;
    for (std::uint32_t i = lists.offsets[0]; i < lists.offsets[1]; ++i)
      values.push_back(column_->dictionary()->value(lists.ids[i]));
    return values;
  }

  const storage::Column* column_;
  std::unique_ptr<storage::NumericReader<std::int64_t>> longs_;
  std::unique_ptr<storage::NumericReader<float>> floats_;
  std::unique_ptr<storage::NumericReader<double>> doubles_;
  std::unique_ptr<storage::StringReader> strings_;
  std::unique_ptr<storage::ComplexReader> complex_;
};

}  // namespace

std::optional<ColumnKind> SegmentSources::kind(std::string_view column) const {
  const storage::Column* found = segment_.column(column);
  if (found == nullptr) return std::nullopt;
  return kind_of(*found);
}

template <class T>
NumericSource<T>& SegmentSources::numeric(KeptSources<NumericSource<T>>& sources, std::string_view column) {
  return kept(sources, column, [&] { return make_numeric_source<T>(segment_.column(column), column); });
}

NumericSource<std::int64_t>& SegmentSources::longs(std::string_view column) { return numeric(longs_, column); }
NumericSource<float>& SegmentSources::floats(std::string_view column) { return numeric(floats_, column); }
NumericSource<double>& SegmentSources::doubles(std::string_view column) { return numeric(doubles_, column); }

StringSource* SegmentSources::strings(std::string_view column) {
  const storage::Column* found = segment_.column(column);
  if (found == nullptr || kind_of(*found).type != storage::ValueType::kString) return nullptr;
  return &kept(strings_, column, [&] { return make_string_source(found); });
}

ValueSource& SegmentSources::values(std::string_view column) {
  return kept(values_, column, [&] { return make_value_source(segment_.column(column)); });
}

std::unique_ptr<StringSource> make_string_source(const storage::Column* column) {
  if (column->type() == storage::ValueType::kString) return std::make_unique<ColumnStringSource>(*column);
  return std::make_unique<ValueStringSource>(*column);
}

std::unique_ptr<ValueSource> make_value_source(const storage::Column* column) {
  const bool structured =
      column != nullptr && (column->type() == storage::ValueType::kVariant || column->complex_type() == "json");
  if (structured) return std::make_unique<StructuredValueSource>(*column);
  return std::make_unique<ColumnValueSource>(column);
}

}  // namespace sarsen::engine
