#pragma once
// A half-open range of time in milliseconds since 1970-01-01T00:00:00Z, as Druid's Interval in UTC.

#include <algorithm>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace sarsen {

struct Interval {
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;  // exclusive

  bool empty() const noexcept { return end_ms <= start_ms; }
  bool contains(std::int64_t time_ms) const noexcept { return start_ms <= time_ms && time_ms < end_ms; }
  bool contains(const Interval& other) const noexcept { return start_ms <= other.start_ms && other.end_ms <= end_ms; }
  bool overlaps(const Interval& other) const noexcept { return start_ms < other.end_ms && other.start_ms < end_ms; }
  Interval intersection(const Interval& other) const noexcept {
    return {std::max(start_ms, other.start_ms), std::min(end_ms, other.end_ms)};
  }
  auto operator<=>(const Interval&) const = default;
};

/// Half of the 64-bit range each way, as Druid's Intervals.ETERNITY.
inline constexpr Interval kEternity{INT64_MIN / 2, INT64_MAX / 2};

/// "2013-08-31T00:00:00.000Z": years outside 0..9999 get a minus sign or more digits, never a plus (Joda).
std::string format_iso(std::int64_t time_ms);

/// "start/end" in ISO form.
std::string format_iso(const Interval& interval);

/// Reads an ISO-8601 instant as Joda's ISODateTimeFormat.dateTimeParser() with UTC as the default zone: date with
/// optional time and offset. Throws kInvalidInput that shows `text`.
std::int64_t parse_iso(std::string_view text);

/// Reads "start/end", "start/period" or "period/end". Throws kInvalidInput that shows `text`; an end before the start is
/// one such error.
Interval parse_interval(std::string_view text);

}  // namespace sarsen
