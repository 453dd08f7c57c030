#pragma once
// ISO-8601 instants whose text may leave out the offset: they are then local times of a zone. Thread safety: pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/time/time_zone.h"

namespace sarsen::engine {

/// As Joda's dateTimeParser in `zone`. Throws kInvalidInput that shows `text`; so it does for a local time that the
/// zone's clocks skip.
std::int64_t parse_iso_in(const TimeZone& zone, std::string_view text);

/// What SQL and people write: a date, and perhaps after a T or a blank a time and an offset. nullopt where it is not.
std::optional<std::int64_t> parse_date_and_time(const TimeZone& zone, std::string_view text);

/// "2024-02-28T01:00:26.718+01:00", with Z for the offset zero.
std::string format_iso_in(const TimeZone& zone, std::int64_t time_ms);

}  // namespace sarsen::engine
