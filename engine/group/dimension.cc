#include "engine/group/dimension.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/expression/eval.h"
#include "engine/expression/vector_node.h"
#include "engine/group/group_table.h"
#include "engine/group/long_ids.h"
#include "engine/group/numbered_dimension.h"
#include "engine/group/range_dimension.h"
#include "engine/group/value_numbers.h"
#include "engine/result/value_cast.h"
#include "engine/vector/extended_dictionary.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/selection.h"
#include "storage/base/check.h"

namespace sarsen::engine {
namespace {

bool have_same_ids(const storage::Dictionary& left, const storage::Dictionary& right) {
  if (&left == &right) return true;
  const auto* const left_extended = dynamic_cast<const ExtendedDictionary*>(&left);
  const auto* const right_extended = dynamic_cast<const ExtendedDictionary*>(&right);
  return left_extended != nullptr && right_extended != nullptr && left_extended->is_same(*right_extended);
}

/// Strings: dictionary ids are group ids. One id more stands for rows without a value where the dictionary has no null.
class StringDimension final : public DimensionReader {
 public:
  /// `by_id`: that id more is always theirs.
  StringDimension(StringSource& source, storage::ValueType output_type, bool by_id)
      : source_(source), output_type_(output_type), by_id_(by_id), null_id_(source.dictionary().size()) {
    if (!by_id) null_id_ = source.dictionary().find(std::nullopt).value_or(null_id_);
  }

  std::uint64_t radix() const noexcept override {
    return source_.grows() ? std::uint64_t{1} << 32 : std::uint64_t{source_.dictionary().size()} + 1;
  }
  bool multiple_values() const noexcept override { return source_.multiple_values(); }
  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    return source_.read_ids(begin, size);
  }
  storage::StringReader::Lists read_lists(std::uint32_t begin, std::uint32_t size) override {
    return source_.read_lists(begin, size);
  }
  std::uint32_t null_id() const noexcept override { return null_id_; }

  Value value(std::uint32_t id) const override {
    const std::optional<std::string_view> held = text(id);
    return held ? cast_value(Value(std::string(*held)), output_type_) : Value();
  }

  void number(std::span<const std::uint32_t> ids, ValueNumbers& numbers, std::uint32_t* out) const override {
    if (output_type_ != storage::ValueType::kString) return DimensionReader::number(ids, numbers, out);
    std::vector<storage::KeptText> texts(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) texts[i] = storage::KeptText::of(text(ids[i]));
    numbers.numbers_of(texts, out);
  }

  const storage::StoredDictionary* stored_dictionary() const noexcept override {
    return ids_are_distinct() ? dynamic_cast<const storage::StoredDictionary*>(&source_.dictionary()) : nullptr;
  }

  bool ids_are_distinct() const noexcept override { return output_type_ == storage::ValueType::kString && !by_id_; }
  bool ids_ascend() const noexcept override {
    return ids_are_distinct() && source_.dictionary().sorted() &&
           (null_id_ == 0 || (null_id_ == source_.dictionary().size() && !multiple_values()));
  }
  /// Cursors share the dictionaries of stored columns.
  bool understands(const DimensionReader& other) const noexcept override {
    const auto* strings = dynamic_cast<const StringDimension*>(&other);
    return strings != nullptr && have_same_ids(strings->source_.dictionary(), source_.dictionary());
  }
  bool shares_ids(const DimensionReader& other) const noexcept override { return understands(other); }
  void translate(const DimensionReader&, std::span<std::uint32_t>) override {}

 private:
  std::optional<std::string_view> text(std::uint32_t id) const {
    return id < source_.dictionary().size() ? source_.dictionary().value(id) : std::nullopt;
  }

  StringSource& source_;
  storage::ValueType output_type_;
  bool by_id_;
  std::uint32_t null_id_;
};

/// Numbers get ids in the order in which they are met; id 0 is null.
template <class T>
class NumericDimension final : public DimensionReader {
 public:
  /// `numbered`: is told how many rows are looked up; nullptr: nobody is.
  NumericDimension(NumericSource<T>& source, const CursorPosition* position, storage::ValueType output_type,
                   storage::NumberedLongs* numbered = nullptr)
      : source_(source),
        position_(position),
        output_type_(output_type),
        numbered_(numbered),
        groups_(kSmallNumbers, kPlacesPerNumber) {}

  std::uint64_t radix() const noexcept override { return std::uint64_t{1} << 32; }
  bool counts_ids() const noexcept override { return true; }

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    const NumericVector<T> vector = source_.read(begin, size);
    if (numbered_ != nullptr) numbered_->note_looked_up(size);
    std::uint32_t count = 0;
    expression::for_each_live(position_, begin, size, [&](std::uint32_t row) {
      rows_[count] = row;
      keys_[count] = key_of(vector.values[row]);
      count += vector.nulls == nullptr || !mask_has(vector.nulls, row) ? 1 : 0;
    });
    groups_.find_or_add(keys_.data(), count, row_groups_.data());
    row_ids_.fill(0);
    for (std::uint32_t i = 0; i < count; ++i) row_ids_[rows_[i]] = row_groups_[i] + 1;
    return row_ids_.data();
  }

  Value value(std::uint32_t id) const override {
    return id == 0 ? Value() : cast_value(Value(number_of(id)), output_type_);
  }
  void number(std::span<const std::uint32_t> ids, ValueNumbers& numbers, std::uint32_t* out) const override {
    if constexpr (std::is_same_v<T, std::int64_t>)
      return number_longs(*this, output_type_, ids, numbers, out, [this](std::uint32_t id) { return number_of(id); });
    DimensionReader::number(ids, numbers, out);
  }
  bool ids_are_distinct() const noexcept override { return std::is_integral_v<T> && is_own_type(); }
  bool understands(const DimensionReader& other) const noexcept override {
    return dynamic_cast<const NumericDimension*>(&other) != nullptr;
  }
  void translate(const DimensionReader& other, std::span<std::uint32_t> ids) override {
    const auto& numbers = static_cast<const NumericDimension&>(other);
    for (; !ids.empty(); ids = ids.subspan(std::min<std::size_t>(ids.size(), kVectorRows)))
      translate_some(numbers, ids.first(std::min<std::size_t>(ids.size(), kVectorRows)));
  }

 private:
  using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;

  bool is_own_type() const noexcept {
    return output_type_ == storage::ValueType::kLong || output_type_ == storage::ValueType::kString;
  }
  /// REQUIRES: no more ids than a vector has rows.
  void translate_some(const NumericDimension& numbers, std::span<std::uint32_t> ids) {
    std::uint32_t count = 0;
    for (const std::uint32_t id : ids)
      if (id != 0) keys_[count++] = numbers.groups_.key(id - 1);
    groups_.find_or_add(keys_.data(), count, row_groups_.data());
    const std::uint32_t* found = row_groups_.data();
    for (std::uint32_t& id : ids)
      if (id != 0) id = *found++ + 1;
  }
  static std::uint64_t key_of(T number) noexcept { return std::bit_cast<Bits>(number); }
  T number_of(std::uint32_t id) const noexcept { return std::bit_cast<T>(static_cast<Bits>(groups_.key(id - 1))); }

  /// Small numbers are places of an array, as long as there are no others.
  static constexpr std::uint64_t kSmallNumbers = 1 << 22;
  static constexpr std::uint64_t kPlacesPerNumber = 256;

  NumericSource<T>& source_;
  const CursorPosition* position_;
  storage::ValueType output_type_;
  storage::NumberedLongs* numbered_;
  GroupTable groups_;  // by the numbers' bits; an id is a group and one
  std::array<std::uint32_t, kVectorRows> row_ids_;
  // One vector's work: the rows that have a number.
  std::array<std::uint32_t, kVectorRows> rows_;
  std::array<std::uint64_t, kVectorRows> keys_;
  std::array<std::uint32_t, kVectorRows> row_groups_;
};

/// Arrays get ids in the order in which they are met, as numbers do. They stay arrays where the query says so; else
/// their text groups.
class ArrayDimension final : public DimensionReader {
 public:
  ArrayDimension(ValueSource& source, const CursorPosition* position, const std::string& array_type)
      : source_(source), position_(position), type_(expression::Type::parse(array_type)) {}

  std::uint64_t radix() const noexcept override { return std::uint64_t{1} << 32; }

  const std::uint32_t* read_ids(std::uint32_t begin, std::uint32_t size) override {
    row_ids_.fill(0);
    expression::for_each_live(position_, begin, size, [&](std::uint32_t row) {
      const ValueView view = source_.value(begin + row);
      const auto* list = std::get_if<List>(&view);
      row_ids_[row] = list != nullptr ? numbers_.number_of(Value(*list)) + 1 : 0;
    });
    return row_ids_.data();
  }

  Value value(std::uint32_t id) const override {
    if (id == 0) return {};
    const Value& list = numbers_.value(id - 1);
    if (type_) return expression::Eval::of_type(type_, list).value;
    return *expression::text_of(list);
  }

 private:
  ValueSource& source_;
  const CursorPosition* position_;
  expression::MaybeType type_;
  ValueNumbers numbers_;
  std::array<std::uint32_t, kVectorRows> row_ids_;
};

/// A column that does not exist: one group, null.
class NullDimension final : public DimensionReader {
 public:
  NullDimension() { ids_.fill(0); }
  std::uint64_t radix() const noexcept override { return 1; }
  const std::uint32_t* read_ids(std::uint32_t, std::uint32_t) override { return ids_.data(); }
  Value value(std::uint32_t) const override { return {}; }
  bool ids_are_distinct() const noexcept override { return true; }
  bool ids_ascend() const noexcept override { return true; }
  bool understands(const DimensionReader& other) const noexcept override {
    return dynamic_cast<const NullDimension*>(&other) != nullptr;
  }
  void translate(const DimensionReader&, std::span<std::uint32_t>) override {}

 private:
  std::array<std::uint32_t, kVectorRows> ids_;
};

}  // namespace

storage::StringReader::Lists DimensionReader::read_lists(std::uint32_t, std::uint32_t) {
  throw Error(ErrorCategory::kDefensive, "read_lists of a single-valued dimension");
}

/// Longs together: they are looked up faster so.
void DimensionReader::number(std::span<const std::uint32_t> ids, ValueNumbers& numbers, std::uint32_t* out) const {
  std::vector<std::int64_t> longs;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Value made = value(ids[i]);
    const auto* number = std::get_if<std::int64_t>(&made);
    if (number == nullptr) {
      out[i] = numbers.number_of(made);
      continue;
    }
    longs.push_back(*number);
    places.push_back(i);
  }
  std::vector<std::uint32_t> found(longs.size());
  numbers.numbers_of(longs, found.data());
  for (std::size_t i = 0; i < places.size(); ++i) out[places[i]] = found[i];
}

void DimensionReader::translate(const DimensionReader&, std::span<std::uint32_t>) {
  throw Error(ErrorCategory::kDefensive, "ids of another cursor mean nothing here");
}

namespace {

bool groups_by_id(const DimensionSpec& spec, ColumnSources& columns) {
  const StringSource* strings = spec.by_id ? columns.strings(spec.dimension) : nullptr;
  return strings != nullptr && !strings->grows();
}

std::unique_ptr<DimensionReader> bind_longs(const DimensionSpec& spec, storage::ValueType output_type,
                                            ColumnSources& columns, RowRange rows) {
  if (auto range = bind_range(spec, output_type, columns, rows)) return range;
  storage::NumberedLongs* const numbered = numbered_longs(spec, columns);
  if (numbered != nullptr)
    if (std::optional<storage::NumberIds> ids = numbered->ids())
      return make_numbered_dimension(std::move(*ids), output_type);
  return std::make_unique<NumericDimension<std::int64_t>>(columns.longs(spec.dimension), columns.position(),
                                                          output_type, numbered);
}

/// The column's own values, cast to `output_type`.
std::unique_ptr<DimensionReader> bind_column(const DimensionSpec& spec, storage::ValueType output_type,
                                             ColumnSources& columns, RowRange rows = {}) {
  const std::string& dimension = spec.dimension;
  const std::optional<ColumnKind> kind = columns.kind(dimension);
  if (!kind) return std::make_unique<NullDimension>();
  if (!spec.array_type.empty() && kind->type != storage::ValueType::kVariant)
    throw Error(ErrorCategory::kInvalidInput, "Unable to convert values of " + dimension + ", a " + kind->type_name() +
                                                  ", to type " + spec.array_type);
  switch (kind->type) {
    case storage::ValueType::kString:
      return std::make_unique<StringDimension>(*columns.strings(dimension), output_type, groups_by_id(spec, columns));
    case storage::ValueType::kLong:
      return bind_longs(spec, output_type, columns, rows);
    case storage::ValueType::kFloat:
      return std::make_unique<NumericDimension<float>>(columns.floats(dimension), columns.position(), output_type);
    case storage::ValueType::kDouble:
      return std::make_unique<NumericDimension<double>>(columns.doubles(dimension), columns.position(), output_type);
    case storage::ValueType::kVariant:
      return std::make_unique<ArrayDimension>(columns.values(dimension), columns.position(), spec.array_type);
    case storage::ValueType::kComplex:
      break;
  }
  refuse_structured(*kind, dimension);
  throw Error(ErrorCategory::kInvalidInput,
              "Cannot group by the complex column " + dimension + ", a " + kind->type_name());
}

/// The values before they are filtered.
std::unique_ptr<DimensionReader> bind_values(const DimensionSpec& spec, storage::ValueType output_type,
                                             ColumnSources& columns, RowRange rows = {}) {
  if (spec.function == nullptr) return bind_column(spec, output_type, columns, rows);
  const std::optional<ColumnKind> kind = columns.kind(spec.dimension);
  const storage::ValueType own_type = kind ? kind->type : storage::ValueType::kString;
  return extract_dimension(bind_column(spec, own_type, columns), spec.function, output_type,
                           groups_by_id(spec, columns));
}

}  // namespace

std::unique_ptr<DimensionReader> bind_dimension(const DimensionSpec& spec, ColumnSources& columns, RowRange rows) {
  if (spec.filters.empty()) return bind_values(spec, spec.output_type, columns, rows);
  return filter_dimension(bind_values(spec, storage::ValueType::kString, columns), spec.filters, spec.output_type);
}

}  // namespace sarsen::engine
