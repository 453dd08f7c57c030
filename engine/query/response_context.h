#pragma once
// What Druid says about an answer beside it, in the header X-Druid-Response-Context: times that no segment covers, and
// segments that were asked for by name and are not here. Pure values and functions.

#include <cstddef>
#include <string>
#include <vector>

#include "engine/query/query.h"
#include "storage/segment/catalog.h"

namespace sarsen::engine {

struct ResponseContext {
  std::vector<Interval> uncovered;    // at most uncoveredIntervalsLimit of the query's context
  bool uncovered_overflowed = false;  // there are more
  std::vector<SegmentAsked> missing;
};

ResponseContext response_context(const Query& query, const storage::Catalog::Timelines& timelines);

/// Druid's limit of the header.
inline constexpr std::size_t kResponseContextBytesMax = std::size_t{7} << 10;

/// As JSON of at most `bytes_max`: longer lists are halved from the end until the text fits, and `truncated` says so.
std::string text_of(const ResponseContext& context, std::size_t bytes_max = kResponseContextBytesMax);

}  // namespace sarsen::engine
