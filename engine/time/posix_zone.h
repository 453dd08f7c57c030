#pragma once
// The rule for the future that ends a time zone file: "EST5EDT,M3.2.0,M11.1.0" (POSIX TZ with the extensions of RFC
// 8536: hours from -167 to 167). Offsets here are local time minus UTC, the other way round than in the text.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/time/zone_file.h"

namespace sarsen::engine {

/// A day of any year and the local time on it at which the clock changes.
struct PosixDay {
  enum class Kind : std::uint8_t { kMonthWeekDay, kJulianWithoutLeapDay, kZeroBased };

  Kind kind;
  std::int64_t month, week, day;  // week 5 is the last; day 0 is Sunday, or the day of the year
  std::int64_t time_ms;           // from midnight

  /// Local milliseconds since 1970-01-01T00:00.
  std::int64_t local_ms(std::int64_t year) const noexcept;
};

struct PosixZone {
  struct Summer {
    std::int64_t offset_ms;
    PosixDay begin;  // in standard time
    PosixDay end;    // in summer time
  };

  std::int64_t offset_ms = 0;
  std::optional<Summer> summer;

  /// The two changes of a year, in order. REQUIRES: summer.
  std::array<ZoneChange, 2> changes(std::int64_t year) const noexcept;
};

/// Throws kRuntimeFailure.
PosixZone parse_posix_zone(std::string_view text);

}  // namespace sarsen::engine
