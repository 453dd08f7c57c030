#pragma once
// The filter `equals`, for filters that come down to it.

#include <string>

#include "engine/filter/filter.h"
#include "engine/filter/match_value.h"

namespace sarsen::engine {

/// REQUIRES: `value` is not null.
FilterPtr make_equals(std::string column, Value value);

}  // namespace sarsen::engine
