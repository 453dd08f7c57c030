#include "engine/time/granularity.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "engine/time/fixed_granularity.h"
#include "engine/time/period_granularity.h"
#include "engine/time/time_zone.h"
#include "storage/base/check.h"
#include "storage/base/civil_time.h"
#include "storage/base/error.h"
#include "storage/base/period.h"

namespace sarsen::engine {

namespace {

using GranularityPointer = std::shared_ptr<const Granularity>;

class AllGranularity : public Granularity {
 public:
  bool is_all() const noexcept override { return true; }
  std::int64_t bucket_start(std::int64_t time_ms) const override {
    DCHECK(false);
    return time_ms;
  }
  std::int64_t next_bucket(std::int64_t bucket_start_ms) const override {
    DCHECK(false);
    return bucket_start_ms;
  }
  Json to_json() const override { return Json(Json::Object{{"type", "all"}}); }
};

class NoneGranularity : public Granularity {
 public:
  bool is_none() const noexcept override { return true; }
  std::int64_t bucket_start(std::int64_t time_ms) const override { return time_ms; }
  std::int64_t next_bucket(std::int64_t bucket_start_ms) const override {
    return bucket_start_ms == std::numeric_limits<std::int64_t>::max() ? bucket_start_ms : bucket_start_ms + 1;
  }
  Json to_json() const override { return Json(Json::Object{{"type", "none"}}); }
};

struct NamedPeriod {
  std::string_view name;  // as Druid prints it
  Period period;
};

constexpr std::array<NamedPeriod, 14> kNamedPeriods = {{{"SECOND", {.seconds = 1}},
                                                        {"MINUTE", {.minutes = 1}},
                                                        {"FIVE_MINUTE", {.minutes = 5}},
                                                        {"TEN_MINUTE", {.minutes = 10}},
                                                        {"FIFTEEN_MINUTE", {.minutes = 15}},
                                                        {"THIRTY_MINUTE", {.minutes = 30}},
                                                        {"HOUR", {.hours = 1}},
                                                        {"SIX_HOUR", {.hours = 6}},
                                                        {"EIGHT_HOUR", {.hours = 8}},
                                                        {"DAY", {.days = 1}},
                                                        {"WEEK", {.weeks = 1}},
                                                        {"MONTH", {.months = 1}},
                                                        {"QUARTER", {.months = 3}},
                                                        {"YEAR", {.years = 1}}}};

const std::vector<std::string>& known_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = {"all", "none"};
    for (const NamedPeriod& named : kNamedPeriods) {
      std::string& name = all.emplace_back(named.name);
      for (char& letter : name)
        if (letter != '_') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return all;
  }();
  return names;
}

/// A period with a name prints as that name, so it holds the name instead of its parts.
class NamedPeriodGranularity : public PeriodGranularity {
 public:
  NamedPeriodGranularity(PeriodRule rule, std::string_view name) : PeriodGranularity(std::move(rule)), name_(name) {}
  Json to_json() const override { return Json(name_); }

 private:
  std::string_view name_;  // static
};

std::optional<std::string_view> name_of(const PeriodRule& rule) {
  if (!rule.zone->is_utc() || rule.has_origin) return std::nullopt;
  for (const NamedPeriod& named : kNamedPeriods)
    if (named.period == rule.period) return named.name;
  return std::nullopt;
}

/// Where a period's buckets all have one length in UTC.
GranularityPointer fixed_period(const PeriodRule& rule, std::int64_t length_ms, Json json) {
  constexpr std::int64_t kMondayMs = 4 * kDayMs;  // 1970-01-05
  const std::optional<PeriodUnit> unit = single_unit(rule.period);
  BeforeOrigin before_origin = BeforeOrigin::kFloor;
  std::int64_t origin_ms = rule.origin_ms;
  if (!unit) {
    before_origin = BeforeOrigin::kRemainder;
  } else if (unit->count == 1 && !rule.has_origin) {
    origin_ms = unit->unit == CalendarUnit::kWeek ? kMondayMs : 0;
  } else if (unit->unit == CalendarUnit::kHour) {
    before_origin = BeforeOrigin::kHours;
  }
  return std::make_shared<const FixedGranularity>(length_ms, origin_ms, before_origin, std::move(json));
}

GranularityPointer make_period(PeriodRule rule) {
  const std::optional<std::string_view> name = name_of(rule);
  const std::optional<std::int64_t> length_ms = rule.period.fixed_ms();
  if (rule.zone->is_utc() && length_ms)
    return fixed_period(rule, *length_ms, name ? Json(*name) : PeriodGranularity(rule).to_json());
  if (name) return std::make_shared<const NamedPeriodGranularity>(std::move(rule), *name);
  return std::make_shared<const PeriodGranularity>(std::move(rule));
}

GranularityPointer from_name(std::string_view name) {
  const std::vector<std::string>& names = known_names();
  std::string lower(name);
  for (char& letter : lower)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  const auto found = std::find(names.begin(), names.end(), lower);
  if (found == names.end()) return nullptr;
  if (lower == "all") return std::make_shared<const AllGranularity>();
  if (lower == "none") return std::make_shared<const NoneGranularity>();
  const auto index = static_cast<std::size_t>(found - names.begin()) - 2;
  return make_period({kNamedPeriods[index].period, TimeZone::utc()});
}

std::string unknown(std::string_view what, std::string_view value, const std::vector<std::string>& known) {
  std::string message =
      "unknown " + std::string(what) + " \"" + std::string(value) + "\"" + suggestion(value, known) + "; use ";
  for (const std::string& name : known) message += (&name == &known.front() ? "" : ", ") + name;
  return message;
}

/// Milliseconds or ISO text; "" is as good as nothing.
std::optional<std::int64_t> parse_origin(const JsonField& json) {
  if (!json.present()) return std::nullopt;
  if (json.json().is_number()) {
    if (!kEternity.contains(json.integer())) json.fail("out of the range of times");
    return json.integer();
  }
  const std::string text = json.string();
  if (text.empty()) return std::nullopt;
  try {
    return parse_iso(text);
  } catch (const Error& error) {  // which field it was, only we know
    json.fail(error.what());
  }
}

GranularityPointer parse_duration(const JsonField& json) {
  const std::int64_t length_ms = json["duration"].integer();
  if (length_ms <= 0) json["duration"].fail("must be greater than 0, in milliseconds");
  const std::int64_t origin_ms = parse_origin(json["origin"]).value_or(0) % length_ms;
  Json text(Json::Object{{"type", "duration"}, {"duration", length_ms}, {"origin", format_iso(origin_ms)}});
  return std::make_shared<const FixedGranularity>(length_ms, origin_ms, BeforeOrigin::kRemainder, std::move(text));
}

/// ISO text, or milliseconds, which Joda spreads over hours to milliseconds.
Period parse_period(const JsonField& json) {
  Period period;
  if (json.json().is_number()) {
    const std::int64_t length_ms = json.integer();
    if (length_ms < 0 || length_ms / kHourMs > INT32_MAX) json.fail("out of range, in milliseconds");
    period = {.hours = static_cast<std::int32_t>(length_ms / kHourMs),
              .minutes = static_cast<std::int32_t>(length_ms / kMinuteMs % 60),
              .seconds = static_cast<std::int32_t>(length_ms / kSecondMs % 60),
              .millis = static_cast<std::int32_t>(length_ms % kSecondMs)};
  } else {
    try {
      period = Period::parse(json.string());
    } catch (const Error& error) {  // which field it was, only we know
      json.fail(error.what());
    }
  }
  if (period.is_zero()) json.fail("must not be a period of zero length");
  const bool negative = period.years < 0 || period.months < 0 || period.weeks < 0 || period.days < 0 ||
                        period.hours < 0 || period.minutes < 0 || period.seconds < 0 || period.millis < 0;
  if (negative) json.fail("must not hold negative amounts");
  return period;
}

GranularityPointer parse_period_granularity(const JsonField& json) {
  PeriodRule rule;
  rule.period = parse_period(json["period"]);
  rule.zone = TimeZone::find(json["timeZone"].string_or("UTC"));
  const std::optional<std::int64_t> origin_ms = parse_origin(json["origin"]);
  rule.has_origin = origin_ms.has_value();
  rule.origin_ms = origin_ms.value_or(rule.zone->to_utc(0, 0));  // midnight of 1970-01-01 in the zone
  return make_period(std::move(rule));
}

}  // namespace

std::string Granularity::format(std::int64_t time_ms) const { return format_iso(time_ms); }

std::optional<std::string_view> named_period(const Interval& interval) {
  for (auto named = kNamedPeriods.rbegin(); named != kNamedPeriods.rend(); ++named)  // a year is also so many days
    if (add_period(interval.start_ms, named->period) == interval.end_ms) return named->name;
  return std::nullopt;
}

GranularityPointer parse_granularity(std::string_view name) {
  if (GranularityPointer granularity = from_name(name)) return granularity;
  throw Error(ErrorCategory::kInvalidInput, unknown("granularity", name, known_names()));
}

GranularityPointer parse_granularity(const JsonField& json) {
  if (json.json().is_string()) {
    if (GranularityPointer granularity = from_name(json.json().string())) return granularity;
    json.fail(unknown("granularity", json.json().string(), known_names()));
  }
  if (!json.json().is_object())
    json.fail("must be a name or an object, but got " + std::string(json.json().kind_name()));
  const std::string type = json["type"].string();
  if (type == "all" || type == "none") return from_name(type);
  if (type == "duration") return parse_duration(json);
  if (type == "period") return parse_period_granularity(json);
  json["type"].fail(unknown("type of granularity", type, {"all", "none", "duration", "period"}));
}

}  // namespace sarsen::engine
