#pragma once
// The rows that a ranking by the values of a dimension themselves must read: those of the first values, which a sorted
// dictionary tells before any row is read.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/group/dimension.h"
#include "engine/query/top_n_metric.h"
#include "engine/scan/scan_plan.h"
#include "engine/time/granularity.h"

namespace sarsen::engine {

struct FirstValues {
  std::string dimension;
  std::size_t count;        // so many values that rows of the plan have; null counts for none
  bool descending = false;  // the last ones, in Java's order of strings
  std::optional<std::string> previous = std::nullopt;  // only values behind it, and no null
};

/// nullopt where the ranking is by something else than a column's own texts, or has several buckets of time.
std::optional<FirstValues> first_values(const DimensionSpec& dimension, const TopNMetric& metric,
                                        const Granularity& granularity, std::int64_t threshold);

/// Leaves the rows of the first values only, and of null where it ranks; all rows where the dictionary or the plan does
/// not tell, or few would be left out.
void keep_first_values(ScanPlan& plan, const FirstValues& wanted);

}  // namespace sarsen::engine
