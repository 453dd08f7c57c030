#include "ingest/supervisor/chunk_candidates.h"

#include "engine/time/granularity.h"

namespace sarsen::ingest {
namespace {

/// As Druid goes through them; weeks only where they are asked for.
constexpr const char* kFiner[] = {"YEAR",  "QUARTER",       "MONTH",          "DAY",        "EIGHT_HOUR",  "SIX_HOUR",
                                  "HOUR",  "THIRTY_MINUTE", "FIFTEEN_MINUTE", "TEN_MINUTE", "FIVE_MINUTE", "MINUTE",
                                  "SECOND"};

std::int64_t length(const Interval& interval) { return interval.end_ms - interval.start_ms; }

}  // namespace

std::vector<Interval> chunk_candidates(const GranularitySpec& spec, std::int64_t time_ms) {
  std::vector<Interval> candidates;
  const auto wanted = spec.segment_interval(time_ms);
  if (!wanted) return candidates;
  candidates.push_back(*wanted);
  if (*wanted == kEternity) return candidates;
  for (const char* name : kFiner) {
    const auto granularity = engine::parse_granularity(name);
    const std::int64_t start_ms = granularity->bucket_start(time_ms);
    const Interval finer{start_ms, granularity->next_bucket(start_ms)};
    if (length(finer) < length(*wanted)) candidates.push_back(finer);
  }
  return candidates;
}

}  // namespace sarsen::ingest
