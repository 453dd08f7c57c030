#include "engine/aggregator/row_text.h"

#include "engine/result/value_cast.h"
#include "engine/vector/row_mask.h"
#include "storage/base/error.h"
#include "storage/base/json_writer.h"

namespace sarsen::engine {
namespace {

using storage::ValueType;

class TextOfIds final : public RowText {
 public:
  explicit TextOfIds(StringSource& source) : source_(source) {}
  void read(std::uint32_t begin, std::uint32_t size) override { ids_ = source_.read_ids(begin, size); }
  std::optional<std::string_view> of(std::uint32_t row) override { return source_.dictionary().value(ids_[row]); }

 private:
  StringSource& source_;
  const std::uint32_t* ids_ = nullptr;
};

class TextOfLists final : public RowText {
 public:
  TextOfLists(StringSource& source, bool whole) : source_(source), whole_(whole) {}

  void read(std::uint32_t begin, std::uint32_t size) override { lists_ = source_.read_lists(begin, size); }

  std::optional<std::string_view> of(std::uint32_t row) override {
    const std::uint32_t begin = lists_.offsets[row];
    const std::uint32_t end = lists_.offsets[row + 1];
    if (begin == end) return std::nullopt;
    if (end - begin == 1 || !whole_) return source_.dictionary().value(lists_.ids[begin]);
    text_ = "[";
    for (std::uint32_t i = begin; i < end; ++i)
      text_.append(i == begin ? "" : ", ").append(source_.dictionary().value(lists_.ids[i]).value_or("null"));
    return text_ += "]";
  }

 private:
  StringSource& source_;
  bool whole_;
  storage::StringReader::Lists lists_{nullptr, nullptr};
  std::string text_;
};

template <class T>
class TextOfNumbers final : public RowText {
 public:
  explicit TextOfNumbers(NumericSource<T>& source) : source_(source) {}

  void read(std::uint32_t begin, std::uint32_t size) override { vector_ = source_.read(begin, size); }

  std::optional<std::string_view> of(std::uint32_t row) override {
    if (vector_.nulls != nullptr && mask_has(vector_.nulls, row)) return std::nullopt;
    text_ = *value_text(Value(vector_.values[row]));
    return text_;
  }

 private:
  NumericSource<T>& source_;
  NumericVector<T> vector_{nullptr, nullptr};
  std::string text_;
};

/// Raw input, and whatever else has no vectors.
class TextOfValues final : public RowText {
 public:
  TextOfValues(ValueSource& source, RowTextOptions options) : source_(source), options_(options) {}

  void read(std::uint32_t begin, std::uint32_t) override { begin_ = begin; }

  std::optional<std::string_view> of(std::uint32_t row) override {
    const ValueView value = source_.value(begin_ + row);
    if (const auto* strings = std::get_if<std::vector<std::optional<std::string_view>>>(&value))
      return joined(*strings);
    if (const auto* list = std::get_if<List>(&value)) return joined(list->elements());
    if (const auto* tree = std::get_if<Nested>(&value)) return text_ = tree->json.dump();
    if (const auto* text = std::get_if<std::string_view>(&value)) return text_ = *text;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return text_ = std::to_string(*number);
    if (const auto* number = std::get_if<float>(&value)) return text_ = java_text(*number);
    if (const auto* number = std::get_if<double>(&value)) return text_ = java_text(*number);
    return std::nullopt;
  }

 private:
  static std::string shown(const std::optional<std::string_view>& text) { return std::string(text.value_or("null")); }
  static std::string shown(const Value& value) { return value_text(value).value_or("null"); }

  template <class Elements>
  std::optional<std::string_view> joined(const Elements& elements) {
    if (!options_.of_input && elements.empty()) return std::nullopt;
    if (!options_.of_input && (elements.size() == 1 || !options_.lists)) return text_ = shown(elements.front());
    text_ = "[";
    for (std::size_t i = 0; i < elements.size(); ++i) text_.append(i == 0 ? "" : ", ").append(shown(elements[i]));
    return text_ += "]";
  }

  ValueSource& source_;
  RowTextOptions options_;
  std::uint32_t begin_ = 0;
  std::string text_;
};

}  // namespace

std::unique_ptr<RowText> bind_row_text(std::string_view column, ColumnSources& columns, RowTextOptions options) {
  const std::optional<ColumnKind> kind = columns.kind(column);
  if (!kind) return nullptr;
  if (StringSource* strings = columns.strings(column)) {
    if (strings->multiple_values()) return std::make_unique<TextOfLists>(*strings, options.lists);
    return std::make_unique<TextOfIds>(*strings);
  }
  if (kind->type == ValueType::kLong) return std::make_unique<TextOfNumbers<std::int64_t>>(columns.longs(column));
  if (kind->type == ValueType::kDouble || (kind->type == ValueType::kFloat && options.wide_floats))
    return std::make_unique<TextOfNumbers<double>>(columns.doubles(column));
  if (kind->type == ValueType::kFloat) return std::make_unique<TextOfNumbers<float>>(columns.floats(column));
  if (kind->type == ValueType::kComplex)
    throw Error(ErrorCategory::kInvalidInput,
                "column \"" + std::string(column) + "\" holds " + kind->type_name() + ", which has no text");
  return std::make_unique<TextOfValues>(columns.values(column), options);
}

std::string_view chopped(std::string_view text, std::size_t bytes_max) noexcept {
  if (text.size() <= bytes_max) return text;
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0) == 0x80) --bytes_max;
  return text.substr(0, bytes_max);
}

}  // namespace sarsen::engine
