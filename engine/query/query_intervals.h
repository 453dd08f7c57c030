#pragma once
// The times that a query asks for: intervals in all spellings that Druid reads, or exact segments, as its servers ask
// each other. Thread safety: pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/base/interval.h"
#include "storage/base/json.h"

namespace sarsen::engine {

/// One segment of the timeline, and the part of its time that is asked for.
struct SegmentAsked {
  Interval interval;
  std::string version;
  std::uint32_t partition;
};

/// From a string (commas separate several), a list of strings, or an object of type "intervals" or "segments":
/// condensed. Throws kInvalidInput naming the field.
std::vector<Interval> parse_intervals(const JsonField& json);

/// nullopt unless `json` is an object of type "segments".
std::optional<std::vector<SegmentAsked>> parse_segments(const JsonField& json);

/// Sorted; overlapping and abutting ones merged, as Druid condenses them.
std::vector<Interval> condensed(std::vector<Interval> intervals);

}  // namespace sarsen::engine
