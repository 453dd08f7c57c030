#pragma once
// Bounds made by other filters.

#include <string>

#include "engine/extraction/extraction_function.h"
#include "engine/filter/filter.h"
#include "storage/base/interval.h"

namespace sarsen::engine {

/// start <= `dimension` < end, in milliseconds.
FilterPtr make_millis_bound(std::string dimension, const Interval& interval, ExtractionPtr function);

}  // namespace sarsen::engine
