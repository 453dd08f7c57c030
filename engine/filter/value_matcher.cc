// Leaves on whole values: arrays, columns of several types, JSON. A stored column knows its distinct values: each is
// asked once, and their bitmaps can decide. Other values are asked row by row.

#include <array>

#include "engine/expression/vector_node.h"
#include "engine/filter/leaf_matcher.h"
#include "engine/kernels/kernels.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/selection.h"

namespace sarsen::engine {
namespace {

class EachValueMatcher final : public FilterMatcher {
 public:
  EachValueMatcher(ValueSource& source, const CursorPosition* position, ValueTest test)
      : source_(source), position_(position), test_(std::move(test)) {}

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    std::fill_n(mask, mask_words(size), 0);
    expression::for_each_live(position_, begin, size, [&](std::uint32_t row) {
      const bool row_matches = matches(test_(source_.value(begin + row)), include_unknown);
      mask[row / 64] |= std::uint64_t{row_matches} << (row % 64);
    });
  }

 private:
  ValueSource& source_;
  const CursorPosition* position_;
  ValueTest test_;
};

/// A view of a value of a dictionary. `value` must outlive it.
ValueView view_of(const Value& value) {
  return std::visit(
      [](const auto& held) -> ValueView {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string>) {
          return std::string_view(held);
        } else if constexpr (std::is_same_v<Held, ComplexBytes>) {
          return std::as_bytes(std::span(held.bytes));
        } else {
          return held;
        }
      },
      value);
}

/// By the column's own ids.
class StoredValueMatcher final : public FilterMatcher {
 public:
  StoredValueMatcher(const storage::Column& column, ValueTest test)
      : column_(column), reader_(column.id_reader()), test_(std::move(test)), ids_(size()), ids_or_unknown_(size()) {}

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    ask_all();
    const std::uint32_t* row_ids = reader_->read(begin, size, scratch_.data());
    kernels::in_set(row_ids, size, ids(include_unknown).words(), mask);
  }

  std::optional<std::uint64_t> index_cost(bool include_unknown) const override {
    if (column_.bitmap_index() == nullptr) return std::nullopt;
    ask_all();
    std::uint64_t rows = 0;
    ids(include_unknown).for_each([&](std::uint32_t id) { rows += column_.bitmap_index()->cardinality(id); });
    return rows;
  }

  void index_rows(bool include_unknown, std::span<std::uint64_t> rows) const override {
    ask_all();
    ids(include_unknown).for_each([&](std::uint32_t id) { column_.bitmap_index()->or_into(id, rows); });
  }

 private:
  std::uint32_t size() const { return column_.value_dictionary()->size(); }
  const IdSet& ids(bool include_unknown) const noexcept { return include_unknown ? ids_or_unknown_ : ids_; }

  void ask_all() const {
    for (; known_ < size(); ++known_) {
      const Value value = value_of(column_.value_dictionary()->value(known_));
      const Answer answer = test_(view_of(value));
      if (answer == Answer::kTrue) ids_.add(known_);
      if (answer != Answer::kFalse) ids_or_unknown_.add(known_);
    }
  }

  const storage::Column& column_;
  std::unique_ptr<storage::IdReader> reader_;
  ValueTest test_;
  mutable std::uint32_t known_ = 0;
  mutable IdSet ids_;
  mutable IdSet ids_or_unknown_;
  std::array<std::uint32_t, kVectorRows> scratch_;
};

template <class T>
class DictionaryNumbers final : public NumericSource<T> {
 public:
  explicit DictionaryNumbers(const storage::ValueDictionary& dictionary) : dictionary_(dictionary) {}

  NumericVector<T> read(std::uint32_t begin, std::uint32_t size) override {
    nulls_.fill(0);
    for (std::uint32_t i = 0; i < size; ++i) {
      const Json value = dictionary_.value(begin + i);
      values_[i] = number_of(value);
      nulls_[i / 64] |= std::uint64_t{value.is_null()} << (i % 64);
    }
    return {values_.data(), nulls_.data()};
  }

 private:
  static T number_of(const Json& json) {
    if (json.is_integer()) return static_cast<T>(json.integer());
    return json.is_double() ? static_cast<T>(json.number()) : T{};
  }

  const storage::ValueDictionary& dictionary_;
  std::array<T, kVectorRows> values_;
  std::array<std::uint64_t, kVectorWords> nulls_;
};

template <class T>
class ValueIndexMatcher final : public FilterMatcher {
 public:
  ValueIndexMatcher(const storage::Column& column, std::unique_ptr<FilterMatcher> by_row,
                    std::unique_ptr<NumericSource<T>> values, std::unique_ptr<FilterMatcher> by_id)
      : column_(column), by_row_(std::move(by_row)), values_(std::move(values)), by_id_(std::move(by_id)) {}

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    by_row_->match(begin, size, include_unknown, mask);
  }

  std::optional<std::uint64_t> index_cost(bool include_unknown) const override {
    std::uint64_t rows = 0;
    ids(include_unknown).for_each([&](std::uint32_t id) { rows += column_.bitmap_index()->cardinality(id); });
    return rows;
  }

  void index_rows(bool include_unknown, std::span<std::uint64_t> rows) const override {
    ids(include_unknown).for_each([&](std::uint32_t id) { column_.bitmap_index()->or_into(id, rows); });
  }

 private:
  const IdSet& ids(bool include_unknown) const {
    std::optional<IdSet>& known = known_[include_unknown ? 1 : 0];
    if (!known) known = find_ids(include_unknown);
    return *known;
  }

  IdSet find_ids(bool include_unknown) const {
    const std::uint32_t count = column_.value_dictionary()->size();
    IdSet ids(count);
    std::array<std::uint64_t, kVectorWords> mask;
    for (std::uint32_t begin = 0; begin < count; begin += kVectorRows) {
      const std::uint32_t size = std::min(kVectorRows, count - begin);
      by_id_->match(begin, size, include_unknown, mask.data());
      for (std::uint32_t i = 0; i < size; ++i)
        if (mask_has(mask.data(), i)) ids.add(begin + i);
    }
    return ids;
  }

  const storage::Column& column_;
  std::unique_ptr<FilterMatcher> by_row_;
  std::unique_ptr<NumericSource<T>> values_;
  std::unique_ptr<FilterMatcher> by_id_;
  mutable std::array<std::optional<IdSet>, 2> known_;
};

}  // namespace

std::unique_ptr<FilterMatcher> match_each_value(ColumnSources& columns, std::string_view column, ValueTest test) {
  const storage::Column* stored = columns.stored(column);
  if (stored != nullptr && stored->value_dictionary() != nullptr)
    return std::make_unique<StoredValueMatcher>(*stored, std::move(test));
  return std::make_unique<EachValueMatcher>(columns.values(column), columns.position(), std::move(test));
}

template <class T>
std::unique_ptr<NumericSource<T>> dictionary_numbers(const storage::Column& column) {
  return std::make_unique<DictionaryNumbers<T>>(*column.value_dictionary());
}

template <class T>
std::unique_ptr<FilterMatcher> match_by_value_index(const storage::Column& column,
                                                    std::unique_ptr<FilterMatcher> by_row,
                                                    std::unique_ptr<NumericSource<T>> values,
                                                    std::unique_ptr<FilterMatcher> by_id) {
  return std::make_unique<ValueIndexMatcher<T>>(column, std::move(by_row), std::move(values), std::move(by_id));
}

#define INSTANTIATE(T)                                                                                                 \
  template std::unique_ptr<NumericSource<T>> dictionary_numbers(const storage::Column&);                               \
  template std::unique_ptr<FilterMatcher> match_by_value_index(const storage::Column&, std::unique_ptr<FilterMatcher>, \
                                                               std::unique_ptr<NumericSource<T>>,                      \
                                                               std::unique_ptr<FilterMatcher>)
INSTANTIATE(std::int64_t);
INSTANTIATE(float);
INSTANTIATE(double);
#undef INSTANTIATE

}  // namespace sarsen::engine
