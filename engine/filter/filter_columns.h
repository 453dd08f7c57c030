#pragma once
// Which columns a filter reads: Druid's Filter.getRequiredColumns.

#include <string>
#include <vector>

#include "engine/filter/filter.h"

namespace sarsen::engine {

/// Each once, in order.
std::vector<std::string> columns_of(const Filter& filter);

}  // namespace sarsen::engine
