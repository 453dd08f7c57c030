#include "ingest/row/granularity_spec.h"

#include <algorithm>
#include <string>

#include "storage/base/error.h"
#include "storage/base/interval_field.h"

namespace sarsen::ingest {
namespace {

std::vector<Interval> parse_intervals(const JsonField& json) {
  std::vector<Interval> intervals;
  for (const JsonField& element : json.elements()) intervals.push_back(parse_interval(element));
  std::sort(intervals.begin(), intervals.end());
  return intervals;
}

void refuse_overlaps(const JsonField& json, const std::vector<Interval>& intervals) {
  for (std::size_t i = 1; i < intervals.size(); ++i)
    if (intervals[i].overlaps(intervals[i - 1]))
      json.fail("intervals overlap: " + format_iso(intervals[i - 1]) + " and " + format_iso(intervals[i]));
}

std::vector<Interval> merged(const std::vector<Interval>& sorted) {
  std::vector<Interval> result;
  for (const Interval& interval : sorted) {
    if (!result.empty() && interval.start_ms <= result.back().end_ms)
      result.back().end_ms = std::max(result.back().end_ms, interval.end_ms);
    else
      result.push_back(interval);
  }
  return result;
}

std::shared_ptr<const engine::Granularity> granularity_or(const JsonField& json, const char* otherwise) {
  return json.present() ? engine::parse_granularity(json) : engine::parse_granularity(otherwise);
}

/// The interval of a sorted list that holds the time.
std::optional<Interval> holder(const std::vector<Interval>& intervals, std::int64_t time_ms) {
  const auto after =
      std::upper_bound(intervals.begin(), intervals.end(), time_ms,
                       [](std::int64_t time, const Interval& interval) { return time < interval.start_ms; });
  if (after == intervals.begin() || !std::prev(after)->contains(time_ms)) return std::nullopt;
  return *std::prev(after);
}

}  // namespace

GranularitySpec GranularitySpec::parse(const JsonField& json) {
  GranularitySpec spec;
  if (!json.present()) {
    spec.segment_ = engine::parse_granularity("DAY");
    spec.query_ = engine::parse_granularity("NONE");
    return spec;
  }
  const std::string type = json["type"].string_or("uniform");
  if (type != "uniform" && type != "arbitrary")
    json["type"].fail("unknown type: " + type + suggestion(type, {"uniform", "arbitrary"}));
  spec.query_ = granularity_or(json["queryGranularity"], "NONE");
  spec.rollup_ = json["rollup"].boolean_or(true);
  spec.intervals_ = parse_intervals(json["intervals"]);
  if (type == "arbitrary") {
    refuse_overlaps(json["intervals"], spec.intervals_);
    if (spec.intervals_.empty()) json["intervals"].fail("type arbitrary needs intervals");
    return spec;
  }
  spec.segment_ = granularity_or(json["segmentGranularity"], "DAY");
  if (spec.segment_->is_none())
    json["segmentGranularity"].fail("NONE would make a segment of every millisecond; name a longer one, such as DAY");
  spec.intervals_ = merged(spec.intervals_);
  return spec;
}

std::optional<Interval> GranularitySpec::segment_interval(std::int64_t time_ms) const {
  if (!segment_) return holder(intervals_, time_ms);
  if (segment_->is_all()) return kEternity;
  const std::int64_t start_ms = segment_->bucket_start(time_ms);
  return Interval{start_ms, segment_->next_bucket(start_ms)};
}

std::int64_t GranularitySpec::row_time(std::int64_t time_ms, std::int64_t segment_start_ms) const {
  if (query_->is_none()) return time_ms;
  if (query_->is_all()) return segment_start_ms;
  return std::max(query_->bucket_start(time_ms), segment_start_ms);
}

bool GranularitySpec::wants(std::int64_t time_ms) const {
  return intervals_.empty() || holder(intervals_, time_ms).has_value();
}

}  // namespace sarsen::ingest
