#include "engine/time/period_granularity.h"

#include <algorithm>
#include <array>
#include <utility>

#include "storage/base/civil_time.h"
#include "storage/base/error.h"
#include "storage/base/utc_offset.h"

namespace sarsen::engine {

namespace {

constexpr std::size_t kStepsKept = 4096;
constexpr std::int64_t kStepsKeptUntilMs = days_from_civil({3000, 1, 1}) * kDayMs;
constexpr std::int64_t kStepsMax = 3'000'000;  // per call, beyond those kept

// A century inside the range of times, so that neither zones nor rounding leave it.
constexpr std::int64_t kTimeMinMs = days_from_civil({kYearMin + 100, 1, 1}) * kDayMs;
constexpr std::int64_t kTimeMaxMs = days_from_civil({kYearMax - 100, 1, 1}) * kDayMs;

/// Hours and shorter units have one length everywhere, weeks and days where the clocks never change.
std::optional<FixedGranularity> fixed_sum(const PeriodRule& rule) {
  const std::optional<std::int64_t> length_ms = rule.period.fixed_ms();
  const bool only_time = rule.period.weeks == 0 && rule.period.days == 0;
  if (!length_ms || (!only_time && !rule.zone->is_fixed())) return std::nullopt;
  const BeforeOrigin before_origin = rule.zone->is_fixed() ? BeforeOrigin::kRemainder : BeforeOrigin::kFloor;
  return FixedGranularity(*length_ms, rule.origin_ms, before_origin, Json());
}

}  // namespace

std::optional<PeriodUnit> single_unit(const Period& period) noexcept {
  const std::array<std::int32_t, 8> amounts = {period.years, period.months,  period.weeks,   period.days,
                                               period.hours, period.minutes, period.seconds, period.millis};
  std::optional<PeriodUnit> unit;
  for (std::size_t index = 0; index < amounts.size(); ++index) {
    if (amounts[index] == 0) continue;
    if (unit) return std::nullopt;
    unit = PeriodUnit{static_cast<CalendarUnit>(index), amounts[index]};
  }
  return unit;
}

PeriodGranularity::PeriodGranularity(PeriodRule rule) : rule_(std::move(rule)), unit_(single_unit(rule_.period)) {
  if (unit_) return;
  fixed_ = fixed_sum(rule_);
  if (fixed_) return;
  std::int64_t step_ms = rule_.origin_ms;
  steps_ms_.reserve(kStepsKept);
  while (steps_ms_.size() < kStepsKept && step_ms < kStepsKeptUntilMs) {
    steps_ms_.push_back(step_ms);
    step_ms = next_bucket(step_ms);
  }
}

std::int64_t PeriodGranularity::bucket_start(std::int64_t time_ms) const {
  time_ms = std::clamp(time_ms, kTimeMinMs, kTimeMaxMs);
  if (unit_) return start_of_units(time_ms);
  return fixed_ ? fixed_->bucket_start(time_ms) : start_by_steps(time_ms);
}

std::int64_t PeriodGranularity::next_bucket(std::int64_t bucket_start_ms) const {
  return add_period(*rule_.zone, bucket_start_ms, rule_.period);
}

/// Whole units from the origin, a multiple of the count; a time before the origin needs one more step back.
std::int64_t PeriodGranularity::start_of_units(std::int64_t time_ms) const {
  const TimeZone& zone = *rule_.zone;
  const auto [unit, count] = *unit_;
  if (count == 1 && !rule_.has_origin) return floor_to_unit(zone, time_ms, unit);
  const std::int64_t passed = units_between(zone, rule_.origin_ms, time_ms, unit);
  const std::int64_t units = passed - passed % count;
  const std::int64_t start_ms = add_units(zone, rule_.origin_ms, unit, units);
  const bool early = time_ms < start_ms;
  if (unit != CalendarUnit::kHour) return early ? add_units(zone, rule_.origin_ms, unit, units - count) : start_ms;
  if (early && rule_.origin_ms > 0) return add_units(zone, rule_.origin_ms, unit, units - count);
  if (time_ms > start_ms && rule_.origin_ms < 0) return floor_to_unit(zone, start_ms, unit);
  return start_ms;
}

std::int64_t PeriodGranularity::start_by_steps(std::int64_t time_ms) const {
  if (time_ms < rule_.origin_ms) return step_back(time_ms);
  const auto after = std::upper_bound(steps_ms_.begin(), steps_ms_.end(), time_ms);
  std::int64_t start_ms = *(after - 1);
  if (after != steps_ms_.end()) return start_ms;
  for (std::int64_t step = 0; step < kStepsMax; ++step) {
    const std::int64_t next_ms = next_bucket(start_ms);
    if (time_ms < next_ms) return start_ms;
    start_ms = next_ms;
  }
  throw Error(ErrorCategory::kInvalidInput,
              "granularity: too many periods between the origin and a time: " + rule_.period.to_string());
}

std::int64_t PeriodGranularity::step_back(std::int64_t time_ms) const {
  std::int64_t start_ms = rule_.origin_ms;
  for (std::int64_t step = 0; step < kStepsMax; ++step) {
    start_ms = add_period(*rule_.zone, start_ms, rule_.period, -1);
    if (start_ms <= time_ms) return start_ms;
  }
  throw Error(ErrorCategory::kInvalidInput,
              "granularity: too many periods between a time and the origin: " + rule_.period.to_string());
}

std::string PeriodGranularity::format(std::int64_t time_ms) const {
  const std::int64_t offset_ms = rule_.zone->offset_ms(time_ms);
  if (offset_ms == 0) return format_iso(time_ms);
  std::string text = format_iso(wrapping_add(time_ms, offset_ms));
  text.pop_back();  // Z
  return text + utc_offset_text(offset_ms);
}

Json PeriodGranularity::to_json() const {
  return Json(Json::Object{{"type", "period"},
                           {"period", rule_.period.to_string()},
                           {"timeZone", rule_.zone->id()},
                           {"origin", rule_.has_origin ? Json(format_iso(rule_.origin_ms)) : Json()}});
}

}  // namespace sarsen::engine
