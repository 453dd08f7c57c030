#pragma once
// Filters put together by other filters.

#include <vector>

#include "engine/filter/filter.h"

namespace sarsen::engine {

/// REQUIRES: `fields` is not empty.
FilterPtr make_or(std::vector<FilterPtr> fields);

/// The fields of an `and` and of those in it; of everything else, itself.
std::vector<FilterPtr> conjuncts_of(const FilterPtr& filter);

}  // namespace sarsen::engine
