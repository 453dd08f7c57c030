#pragma once
// Filters put together by other filters.

#include <vector>

#include "engine/filter/filter.h"

namespace sarsen::engine {

/// REQUIRES: `fields` is not empty.
FilterPtr make_or(std::vector<FilterPtr> fields);

}  // namespace sarsen::engine
