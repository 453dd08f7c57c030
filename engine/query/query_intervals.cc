#include "engine/query/query_intervals.h"

#include <algorithm>
#include <string_view>

#include "storage/base/interval_field.h"

namespace sarsen::engine {
namespace {

/// A string may hold several, with commas between them.
void add_intervals(const JsonField& json, std::string_view text, std::vector<Interval>& intervals) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    intervals.push_back(parse_interval(json, text.substr(begin, end - begin)));
    begin = end + 1;
  }
}

bool is_segments(const JsonField& json) {
  return json.json().is_object() && json["type"].string_or("intervals") == "segments";
}

SegmentAsked parse_segment(const JsonField& json) {
  const Interval interval = parse_interval(json["itvl"]);
  const std::int64_t partition = json["part"].integer_or(0);
  if (partition < 0 || partition > UINT32_MAX) json["part"].fail("must be the number of a partition");
  return {interval, json["ver"].string(), static_cast<std::uint32_t>(partition)};
}

std::vector<Interval> intervals_of(const std::vector<SegmentAsked>& segments) {
  std::vector<Interval> intervals;
  for (const SegmentAsked& segment : segments) intervals.push_back(segment.interval);
  return intervals;
}

}  // namespace

std::vector<Interval> parse_intervals(const JsonField& json) {
  std::vector<Interval> intervals;
  if (json.json().is_string()) {
    add_intervals(json, json.string(), intervals);
  } else if (json.json().is_array()) {
    for (const JsonField& element : json.elements())
      if (element.present()) intervals.push_back(parse_interval(element));
  } else if (is_segments(json)) {
    intervals = intervals_of(*parse_segments(json));
  } else if (json.json().is_object()) {
    const std::string type = json["type"].string_or("intervals");
    if (type != "intervals" && type != "LegacySegmentSpec") json["type"].fail("must be \"intervals\" or \"segments\"");
    const JsonField list = json["intervals"];
    if (!list.present()) list.fail("is required");
    return parse_intervals(list);
  } else {
    json.fail("must be an interval such as \"2013-08-31/2013-09-01\", or a list of them");
  }
  return condensed(std::move(intervals));
}

std::optional<std::vector<SegmentAsked>> parse_segments(const JsonField& json) {
  if (!is_segments(json)) return std::nullopt;
  const JsonField list = json["segments"];
  if (!list.present()) list.fail("is required: a list of {\"itvl\", \"ver\", \"part\"}");
  std::vector<SegmentAsked> segments;
  for (const JsonField& element : list.elements()) segments.push_back(parse_segment(element));
  return segments;
}

std::vector<Interval> condensed(std::vector<Interval> intervals) {
  std::erase_if(intervals, [](const Interval& interval) { return interval.empty(); });
  std::sort(intervals.begin(), intervals.end());
  std::vector<Interval> merged;
  for (const Interval& interval : intervals) {
    if (!merged.empty() && interval.start_ms <= merged.back().end_ms) {
      merged.back().end_ms = std::max(merged.back().end_ms, interval.end_ms);
    } else {
      merged.push_back(interval);
    }
  }
  return merged;
}

}  // namespace sarsen::engine
