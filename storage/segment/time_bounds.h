#pragma once
// The least and the greatest time of a segment. Thread safety: a pure function.

#include <optional>

#include "storage/base/interval.h"
#include "storage/column/column.h"

namespace sarsen::storage {

/// Both inclusive; empty where there is no row. Reads two rows where `sorted`, else all. REQUIRES: `time` holds longs.
std::optional<Interval> time_bounds_of(const Column& time, bool sorted);

}  // namespace sarsen::storage
