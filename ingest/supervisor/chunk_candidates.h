#pragma once
// The time chunks that may hold a row: that of the segment granularity, then finer ones, which Druid tries where the
// first is cut by segments that are there.

#include <cstdint>
#include <vector>

#include "ingest/row/granularity_spec.h"
#include "storage/base/interval.h"

namespace sarsen::ingest {

/// Empty where the specification has no interval for the time.
std::vector<Interval> chunk_candidates(const GranularitySpec& spec, std::int64_t time_ms);

}  // namespace sarsen::ingest
