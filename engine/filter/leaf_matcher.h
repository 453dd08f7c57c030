#pragma once
// The matchers that leaf filters share. A leaf on a string column is a set of dictionary ids; a leaf on a number is a
// test of the value; a leaf on a column that does not exist is a constant, as all its rows are null.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/filter/filter.h"
#include "engine/filter/id_set.h"

namespace sarsen::engine {

/// What a null row answers.
enum class NullAnswer : std::uint8_t { kTrue, kFalse, kUnknown };

std::unique_ptr<FilterMatcher> match_constant(bool answer, std::uint32_t row_count);
/// Every row is null.
std::unique_ptr<FilterMatcher> match_all_null(NullAnswer answer, std::uint32_t row_count);

/// A row matches when one of its ids is in `ids`. The null id must be in `ids` exactly when `null_answer` is kTrue.
std::unique_ptr<FilterMatcher> match_ids(StringSource& source, IdSet ids, NullAnswer null_answer);

/// Each dictionary entry is asked once; null entries are not asked.
std::unique_ptr<FilterMatcher> match_strings(StringSource& source,
                                             const std::function<bool(std::string_view)>& predicate,
                                             NullAnswer null_answer);

/// low <= value <= high in the order of the type (Double.compare for floating numbers).
template <class T>
std::unique_ptr<FilterMatcher> match_range(NumericSource<T>& source, T low, T high, NullAnswer null_answer);

/// The value is one of `values`: doubles and floats by their bits.
template <class T>
std::unique_ptr<FilterMatcher> match_values(NumericSource<T>& source, std::vector<T> values, NullAnswer null_answer);

/// The value satisfies the predicate; for tests that have no vector form.
template <class T>
std::unique_ptr<FilterMatcher> match_predicate(NumericSource<T>& source, std::function<bool(T)> predicate,
                                               NullAnswer null_answer);

/// Calls `use` with the typed source of a numeric column: use(NumericSource<T>&). REQUIRES: `type` is numeric.
template <class Use>
auto with_numeric(ColumnSources& columns, std::string_view column, storage::ValueType type, Use use) {
  if (type == storage::ValueType::kLong) return use(columns.longs(column));
  if (type == storage::ValueType::kFloat) return use(columns.floats(column));
  return use(columns.doubles(column));
}

/// `text` as a value of a column of T, by the rules of selector and in; nullopt: no such column value has this text.
template <class T>
std::optional<T> number_of_text(std::string_view text);

/// Throws kUnsupported for a complex column: these filters do not read it.
void refuse_complex(const ColumnKind& kind, std::string_view column);

/// A leaf on `column`, whatever it is: constant with `null_answer` where there is no such column,
/// on_string(StringSource&) or on_number(NumericSource<T>&) where it is one of them.
template <class OnString, class OnNumber>
std::unique_ptr<FilterMatcher> bind_leaf(ColumnSources& columns, std::string_view column, const FilterUse& use,
                                         NullAnswer null_answer, OnString on_string, OnNumber on_number) {
  const std::optional<ColumnKind> kind = columns.kind(column);
  if (!kind) return match_all_null(null_answer, use.row_count);
  refuse_complex(*kind, column);
  if (kind->type == storage::ValueType::kString) return on_string(*columns.strings(column));
  return with_numeric(columns, column, kind->type, on_number);
}

}  // namespace sarsen::engine
