#include "engine/expression/time_field.h"

#include <array>
#include <string>

#include "engine/time/zone_calendar.h"
#include "storage/base/civil_time.h"
#include "storage/base/error.h"
#include "storage/base/text_scanner.h"

namespace sarsen::engine::expression {
namespace {

constexpr std::array<std::string_view, 17> kNames = {
    "EPOCH", "MILLISECOND", "SECOND",  "MINUTE", "HOUR",    "DAY",    "DOW",     "ISODOW",    "DOY",
    "WEEK",  "MONTH",       "QUARTER", "YEAR",   "ISOYEAR", "DECADE", "CENTURY", "MILLENNIUM"};

std::int64_t week_of_year(std::int64_t days) noexcept {
  const std::int64_t year = civil_from_days(days).year;
  for (std::int64_t week_year = year + 1;; --week_year)
    if (const std::int64_t start = week_year_start(week_year); days >= start) return (days - start) / 7 + 1;
}

std::int64_t ceiling_divide(std::int64_t value, std::int64_t divisor) noexcept {
  return -floor_divide(-value, divisor);
}

}  // namespace

TimeField TimeField::named(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) c = ascii_upper(c);
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (upper == kNames[i]) return TimeField(static_cast<Unit>(i));
  std::string known;
  for (const std::string_view each : kNames) known += (known.empty() ? "" : ", ") + std::string(each);
  fail_function("timestamp_extract", "unknown unit [" + std::string(name) + "]; use " + known);
}

std::int64_t TimeField::value(const TimeZone& zone, std::int64_t time_ms) const noexcept {
  if (unit_ == Unit::kEpoch) return time_ms / kSecondMs;
  const std::int64_t local_ms = zone.to_local(time_ms);
  const std::int64_t days = floor_divide(local_ms, kDayMs);
  const std::int64_t in_day = floor_remainder(local_ms, kDayMs);
  const CivilDate date = civil_from_days(days);
  switch (unit_) {
    case Unit::kEpoch:
      break;
    case Unit::kMillisecond:
      return in_day % kSecondMs;
    case Unit::kSecond:
      return in_day / kSecondMs % 60;
    case Unit::kMinute:
      return in_day / kMinuteMs % 60;
    case Unit::kHour:
      return in_day / kHourMs;
    case Unit::kDay:
      return date.day;
    case Unit::kDow:
    case Unit::kIsoDow:
      return day_of_week(days);
    case Unit::kDoy:
      return days - days_from_civil({date.year, 1, 1}) + 1;
    case Unit::kWeek:
      return week_of_year(days);
    case Unit::kMonth:
      return date.month;
    case Unit::kQuarter:
      return (date.month - 1) / 3 + 1;
    case Unit::kYear:
    case Unit::kIsoYear:  // Druid's is the year of the calendar
      return date.year;
    case Unit::kDecade:
      return date.year / 10;
    case Unit::kCentury:
      return ceiling_divide(date.year, 100);
    case Unit::kMillennium:
      return ceiling_divide(date.year, 1000);
  }
  return 0;
}

Eval TimeField::eval(const TimeZone& zone, std::int64_t time_ms) const {
  const std::int64_t field = value(zone, time_ms);
  return is_double() ? Eval::of(static_cast<double>(field)) : Eval::of(field);
}

/// A field is the same from the start of its unit to the next one's.
class TimeField::Map final : public LongMap {
 public:
  Map(TimeField field, std::shared_ptr<const TimeZone> zone) : field_(field), zone_(std::move(zone)) {}

  std::int64_t map(std::int64_t time_ms) override {
    if (time_ms < start_ms_ || time_ms >= end_ms_) enter(time_ms);
    return value_;
  }

 private:
  CalendarUnit unit() const noexcept {
    if (field_.unit_ == Unit::kEpoch || field_.unit_ == Unit::kSecond) return CalendarUnit::kSecond;
    if (field_.unit_ == Unit::kMinute) return CalendarUnit::kMinute;
    if (field_.unit_ == Unit::kHour) return CalendarUnit::kHour;
    return CalendarUnit::kDay;
  }

  void enter(std::int64_t time_ms) {
    value_ = field_.value(*zone_, time_ms);
    start_ms_ = end_ms_ = 0;
    if (field_.unit_ == Unit::kMillisecond || time_ms < 0) return;  // seconds before 1970 are cut towards zero
    if (time_ms >= kRememberedBeforeMs) return;
    start_ms_ = floor_to_unit(*zone_, time_ms, unit());
    end_ms_ = add_units(*zone_, start_ms_, unit(), 1);
  }

  /// Past this, adding a unit may leave the range of times.
  static constexpr std::int64_t kRememberedBeforeMs = days_from_civil({kYearMax - 100, 1, 1}) * kDayMs;

  TimeField field_;
  std::shared_ptr<const TimeZone> zone_;
  std::int64_t value_ = 0;
  std::int64_t start_ms_ = 0;
  std::int64_t end_ms_ = 0;
};

std::unique_ptr<LongMap> TimeField::map(std::shared_ptr<const TimeZone> zone) const {
  return is_double() ? nullptr : std::make_unique<Map>(*this, std::move(zone));
}

}  // namespace sarsen::engine::expression
