#pragma once
// An expression over the columns of one cursor as a column: the sources that virtual columns, aggregators and filters
// read. They belong to the cursor, whose columns must outlive them.

#include <memory>

#include "engine/expression/expr.h"
#include "engine/vector/column_sources.h"

namespace sarsen::engine::expression {

/// Its values as numbers, cast as Java does; text is read as a number, arrays of one element are that element, what is
/// no number is null. T is std::int64_t, float or double.
template <class T>
std::unique_ptr<NumericSource<T>> numeric_source(const ExprPtr& expr, ColumnSources& columns);

/// Its values as strings. Over one string column the dictionary is mapped, entry by entry; else the dictionary grows.
/// `multiple_values`: arrays are rows of several strings, else they are text.
std::unique_ptr<StringSource> string_source(const ExprPtr& expr, ColumnSources& columns, bool multiple_values);

/// Its values as they are. `as_strings`: arrays are rows of several strings, of which one stands for itself.
std::unique_ptr<ValueSource> value_source(const ExprPtr& expr, ColumnSources& columns, bool as_strings);

}  // namespace sarsen::engine::expression
