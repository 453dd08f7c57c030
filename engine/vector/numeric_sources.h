#pragma once
// Numeric vectors from whatever a column holds: the numbers themselves, numbers of another type by Java's casts, or
// text parsed once per dictionary entry. Used by segment_sources.cc.

#include <memory>

#include "engine/vector/column_sources.h"
#include "storage/column/column.h"

namespace sarsen::engine {

/// The source of `column` as T; of an all-null column when it is nullptr. Throws kUnsupported for complex columns,
/// naming `name`.
template <class T>
std::unique_ptr<NumericSource<T>> make_numeric_source(const storage::Column* column, std::string_view name);

}  // namespace sarsen::engine
