#pragma once
// An ISO-8601 period, "P1Y2M3W4DT5H6M7.008S": amounts per unit that are not folded into each other, as Joda's Period. A
// period has a length only together with the time it is added to, unless it has neither years nor months.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sarsen {

struct Period {
  // 32 bits each, as in Joda.
  std::int32_t years = 0;
  std::int32_t months = 0;
  std::int32_t weeks = 0;
  std::int32_t days = 0;
  std::int32_t hours = 0;
  std::int32_t minutes = 0;
  std::int32_t seconds = 0;
  std::int32_t millis = 0;

  /// Case does not matter ("pt10m"). Throws kInvalidInput that shows `text`.
  static Period parse(std::string_view text);

  /// Joda's text: units that are zero are left out, none at all is "PT0S".
  std::string to_string() const;

  bool operator==(const Period&) const = default;

  bool is_zero() const noexcept { return *this == Period(); }

  /// The length in UTC, where it does not depend on the start: without years and months.
  std::optional<std::int64_t> fixed_ms() const noexcept;
};

/// `time_ms` plus `count` times the period by UTC's calendar: years first, milliseconds last, a day past a month's end
/// becomes its last. Throws kInvalidInput where the result is outside Joda's years (storage/base/civil_time.h).
std::int64_t add_period(std::int64_t time_ms, const Period& period, std::int64_t count = 1);

// The steps of add_period, for calendars of other zones. Each throws as it does.
std::int64_t add_months_ms(std::int64_t time_ms, std::int64_t months);
std::int64_t add_fixed_ms(std::int64_t time_ms, std::int64_t unit_ms, std::int64_t count);

}  // namespace sarsen
