#pragma once
// Filters put together by other filters.

#include <vector>

#include "engine/filter/filter.h"

namespace sarsen::engine {

/// REQUIRES: `fields` is not empty.
FilterPtr make_or(std::vector<FilterPtr> fields);

/// The fields of an `and` and of those in it; of everything else, itself.
std::vector<FilterPtr> conjuncts_of(const FilterPtr& filter);

/// Binds what `not`, `istrue` or `isfalse` is of. Druid decides all of it by index, or asks all of it of each row,
/// be there indexes for some of it.
std::unique_ptr<FilterMatcher> bind_turned(const Filter& field, ColumnSources& columns, const FilterUse& use);

}  // namespace sarsen::engine
