#include "ingest/incremental_index/text_columns.h"

#include <array>
#include <vector>

#include "engine/expression/eval.h"
#include "storage/base/error.h"
#include "storage/base/java_number.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {
namespace {

using engine::ValueView;

std::optional<std::string> text_of_view(const ValueView& view) {
  return engine::expression::text_of(engine::value_of_view(view));
}

}  // namespace

class TextColumns::Texts final : public engine::StringSource {
 public:
  explicit Texts(engine::ValueSource& values) : values_(values) {}

  const storage::Dictionary& dictionary() const override { return dictionary_; }
  bool grows() const override { return true; }
  bool multiple_values() const override { return true; }
  const std::uint32_t* read_ids(std::uint32_t, std::uint32_t) override {
    throw Error(ErrorCategory::kDefensive, "raw rows may have several values");
  }

  storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size) override {
    offsets_.assign(1, 0);
    ids_.clear();
    for (std::uint32_t row = begin; row < begin + size; ++row) {
      add(values_.value(row));
      offsets_.push_back(static_cast<std::uint32_t>(ids_.size()));
    }
    return {.offsets = offsets_.data(), .ids = ids_.data()};
  }

 private:
  void add(const ValueView& view) {
    if (std::holds_alternative<std::monostate>(view)) return;
    const auto* list = std::get_if<std::vector<std::optional<std::string_view>>>(&view);
    if (list == nullptr) return add_text(text_of_view(view));
    for (const auto& element : *list) add_text(std::string(element.value_or("null")));  // Java's String.valueOf
  }

  void add_text(const std::optional<std::string>& text) { ids_.push_back(dictionary_.id_of(text)); }

  engine::ValueSource& values_;
  engine::GrowingDictionary dictionary_;
  std::vector<std::uint32_t> offsets_;
  std::vector<std::uint32_t> ids_;
};

template <class T>
class TextColumns::Numbers final : public engine::NumericSource<T> {
 public:
  explicit Numbers(engine::ValueSource& values) : values_(values) {}

  engine::NumericVector<T> read(std::uint32_t begin, std::uint32_t size) override {
    nulls_.fill(0);
    for (std::uint32_t i = 0; i < size; ++i) {
      const auto number = number_of(values_.value(begin + i));
      numbers_[i] = number.value_or(T{});
      nulls_[i / 64] |= std::uint64_t{!number} << i % 64;
    }
    return {numbers_.data(), nulls_.data()};
  }

 private:
  static std::optional<T> number_of(const ValueView& view) {
    if (const auto* integer = std::get_if<std::int64_t>(&view)) return static_cast<T>(*integer);
    if (const auto* number = std::get_if<double>(&view)) return cast(*number);
    const auto text = text_of_view(view);
    if (!text) return std::nullopt;
    if (const auto integer = exact_long(*text)) return static_cast<T>(*integer);
    const auto number = try_parse_double(*text);
    return number ? std::optional(cast(*number)) : std::nullopt;
  }

  static T cast(double number) {
    if constexpr (std::is_same_v<T, std::int64_t>) {
      return java_long(number);
    } else {
      return static_cast<T>(number);
    }
  }

  engine::ValueSource& values_;
  std::array<T, engine::kVectorRows> numbers_{};
  std::array<std::uint64_t, engine::kVectorWords> nulls_{};
};

TextColumns::TextColumns(engine::ColumnSources& rows) : rows_(rows) {}
TextColumns::~TextColumns() = default;

std::optional<engine::ColumnKind> TextColumns::kind(std::string_view column) const {
  auto kind = rows_.kind(column);
  if (kind && kind->type == storage::ValueType::kString) kind->multiple_values = true;
  return kind;
}

engine::NumericSource<std::int64_t>& TextColumns::longs(std::string_view column) {
  if (column == storage::kTimeColumn) return rows_.longs(column);
  return engine::kept(longs_, column, [&] { return std::make_unique<Numbers<std::int64_t>>(rows_.values(column)); });
}

engine::NumericSource<float>& TextColumns::floats(std::string_view column) {
  return engine::kept(floats_, column, [&] { return std::make_unique<Numbers<float>>(rows_.values(column)); });
}

engine::NumericSource<double>& TextColumns::doubles(std::string_view column) {
  return engine::kept(doubles_, column, [&] { return std::make_unique<Numbers<double>>(rows_.values(column)); });
}

engine::StringSource* TextColumns::strings(std::string_view column) {
  if (column == storage::kTimeColumn) return nullptr;
  return &engine::kept(texts_, column, [&] { return std::make_unique<Texts>(rows_.values(column)); });
}

engine::ValueSource& TextColumns::values(std::string_view column) { return rows_.values(column); }

std::size_t TextColumns::entry_count() const noexcept {
  std::size_t count = 0;
  for (const auto& [name, texts] : texts_) count += texts->dictionary().size();
  return count;
}

}  // namespace sarsen::ingest
