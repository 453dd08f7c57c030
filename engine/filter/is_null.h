#pragma once
// The filter `null`, for filters that come down to it.

#include <string>

#include "engine/filter/filter.h"

namespace sarsen::engine {

FilterPtr make_is_null(std::string column);

}  // namespace sarsen::engine
