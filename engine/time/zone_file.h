#pragma once
// The system's compiled time zones (TZif, RFC 8536): when the offset of a zone changes, with the POSIX rule at the end
// of the file written out for 400 years, after which the Gregorian calendar and so the rule repeat. Read once per zone
// and process.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sarsen::engine {

struct ZoneChange {
  std::int64_t time_ms;    // the first millisecond of the new offset
  std::int64_t offset_ms;  // local time minus UTC
};

struct ZoneHistory {
  std::int64_t first_offset_ms = 0;  // before all changes
  std::vector<ZoneChange> changes;   // ascending
  bool repeats = false;              // the last 400 years of `changes` go on for ever
};

/// Throws kRuntimeFailure that names the part at fault.
ZoneHistory parse_zone_file(std::span<const std::byte> bytes);

}  // namespace sarsen::engine
