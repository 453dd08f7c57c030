#pragma once
// A time zone as Druid names it: an id of the system's zone database, an offset such as "+05:30", or a short Java name
// ("PST"). Conversions between local time and UTC follow Joda's, gaps and overlaps included. Immutable; thread-safe.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/time/zone_file.h"

namespace sarsen::engine {

class TimeZone {
 public:
  /// Like Druid, takes every name that is none for UTC. The zone is read once and shared. Throws kRuntimeFailure for a
  /// damaged file.
  static std::shared_ptr<const TimeZone> find(std::string_view name);
  static const std::shared_ptr<const TimeZone>& utc();

  TimeZone(std::string id, ZoneHistory history);

  /// As Joda prints it: links are followed ("US/Pacific" is "America/Los_Angeles").
  const std::string& id() const noexcept { return id_; }
  bool is_utc() const noexcept { return id_ == "UTC"; }
  /// The offset never changed and never will.
  bool is_fixed() const noexcept { return history_.changes.empty(); }

  /// Local time minus UTC at a time.
  std::int64_t offset_ms(std::int64_t time_ms) const noexcept;
  std::int64_t to_local(std::int64_t time_ms) const noexcept { return time_ms + offset_ms(time_ms); }

  /// UTC of a local time that came out of calendar arithmetic: the earlier of two in an overlap, past the gap in one.
  std::int64_t to_utc(std::int64_t local_ms) const noexcept;
  /// UTC of a local time that rounding took from `original_ms`, whose offset it keeps where it can.
  std::int64_t to_utc(std::int64_t local_ms, std::int64_t original_ms) const noexcept;

 private:
  std::size_t change_after(std::int64_t time_ms) const noexcept;
  std::int64_t into_history(std::int64_t time_ms) const noexcept;
  std::int64_t next_change(std::int64_t time_ms) const noexcept;
  std::int64_t offset_from_local(std::int64_t local_ms) const noexcept;
  std::int64_t round_to_utc(std::int64_t local_ms) const noexcept;

  std::string id_;
  ZoneHistory history_;
};

}  // namespace sarsen::engine
