#pragma once
// The matchers that leaf filters share. A leaf on a string column is a test of each dictionary entry, and so a set of
// ids; a leaf on a number is a test of the value; a leaf on a column that does not exist is a constant, as all its rows
// are null.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/extraction/extraction_function.h"
#include "engine/filter/filter.h"
#include "engine/filter/id_set.h"

namespace sarsen::engine {

/// What a leaf says of a value.
enum class Answer : std::uint8_t { kTrue, kFalse, kUnknown };
/// What a null row answers.
using NullAnswer = Answer;

constexpr Answer answer_of(bool matches) noexcept { return matches ? Answer::kTrue : Answer::kFalse; }
constexpr bool matches(Answer answer, bool include_unknown) noexcept {
  return answer == Answer::kTrue || (include_unknown && answer == Answer::kUnknown);
}

/// Text, or null, to an answer.
using TextTest = std::function<Answer(std::optional<std::string_view>)>;
/// A value as its column has it to an answer: for arrays and what else has no vector form.
using ValueTest = std::function<Answer(const ValueView&)>;

std::unique_ptr<FilterMatcher> match_constant(bool answer, std::uint32_t row_count);
/// Every row is null.
std::unique_ptr<FilterMatcher> match_all_null(NullAnswer answer, std::uint32_t row_count);

/// A row matches when the test is true of one of its values; a row without values is tested as null. Each dictionary
/// entry is asked once, also those that are added to the dictionary while rows are read.
std::unique_ptr<FilterMatcher> match_answers(StringSource& source, TextTest test);

/// The same, where a search in the dictionary, as it is now, has already found the entries of which `test` is true.
std::unique_ptr<FilterMatcher> match_ids(StringSource& source, IdSet ids, TextTest test);

/// Each dictionary entry is asked once; null entries are not asked.
std::unique_ptr<FilterMatcher> match_strings(StringSource& source, std::function<bool(std::string_view)> predicate,
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

/// As match_predicate, for tests that cost more than finding a number in a table: each distinct value is asked once.
template <class T>
std::unique_ptr<FilterMatcher> match_distinct(NumericSource<T>& source, std::function<Answer(T)> test,
                                              NullAnswer null_answer);

/// By the column's distinct values where it knows them, else row by row.
std::unique_ptr<FilterMatcher> match_each_value(ColumnSources& columns, std::string_view column, ValueTest test);

/// The distinct values of a column of numbers, by id, as if they were rows.
template <class T>
std::unique_ptr<NumericSource<T>> dictionary_numbers(const storage::Column& column);

/// `by_row`; where `column` has bitmaps of its values, those that `by_id`, bound to `values`, matches can decide.
template <class T>
std::unique_ptr<FilterMatcher> match_by_value_index(const storage::Column& column,
                                                    std::unique_ptr<FilterMatcher> by_row,
                                                    std::unique_ptr<NumericSource<T>> values,
                                                    std::unique_ptr<FilterMatcher> by_id);

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

/// Java's text of a number.
template <class T>
std::string text_of_number(T value);

/// Throws kInvalidInput for a column of arrays: what tests one value has no answer there.
void refuse_arrays(const ColumnKind& kind, std::string_view column);

/// A leaf on `column`, whatever it is: constant with `null_answer` where there is no such column, or where it is
/// complex, of which Druid reads only nulls; on_string(StringSource&) or on_number(NumericSource<T>&) where it is one
/// of them.
template <class OnString, class OnNumber>
std::unique_ptr<FilterMatcher> bind_leaf(ColumnSources& columns, std::string_view column, const FilterUse& use,
                                         NullAnswer null_answer, OnString on_string, OnNumber on_number) {
  const std::optional<ColumnKind> kind = columns.kind(column);
  if (!kind || kind->type == storage::ValueType::kComplex) return match_all_null(null_answer, use.row_count);
  refuse_arrays(*kind, column);
  if (kind->type == storage::ValueType::kString) return on_string(*columns.strings(column));
  const storage::Column* stored = columns.stored(column);
  const bool indexed = stored != nullptr && stored->type() == kind->type && stored->value_dictionary() != nullptr &&
                       stored->bitmap_index() != nullptr && !use.by_row;
  return with_numeric(columns, column, kind->type, [&]<class T>(NumericSource<T>& source) {
    if (!indexed) return on_number(source);
    std::unique_ptr<NumericSource<T>> values = dictionary_numbers<T>(*stored);
    std::unique_ptr<FilterMatcher> by_id = on_number(*values);
    return match_by_value_index(*stored, on_number(source), std::move(values), std::move(by_id));
  });
}

/// The entries of a sorted dictionary of which a test is true, found by searching it; nullopt: they are to be asked.
using DictionarySearch = std::function<std::optional<IdSet>(const storage::Dictionary&)>;

/// A leaf that tests text: of strings, numbers as Java's text, or what `function` (nullptr: none) makes of either.
/// `search`, where given, is used on sorted dictionaries where there is no function. `null_number`: what a null in a
/// column of numbers answers, where that is not what the function makes of null.
std::unique_ptr<FilterMatcher> bind_text_leaf(ColumnSources& columns, std::string_view column, const FilterUse& use,
                                              const ExtractionPtr& function, TextTest test,
                                              const DictionarySearch& search = nullptr,
                                              std::optional<NullAnswer> null_number = std::nullopt);

/// The test of non-null text, where null is unknown.
TextTest unknown_if_null(std::function<bool(std::string_view)> predicate);

}  // namespace sarsen::engine
