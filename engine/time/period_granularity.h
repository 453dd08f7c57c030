#pragma once
// Buckets by the calendar of a zone: months, years, days of 23 or 25 hours, sums of several units. Counted as Druid's
// PeriodGranularity counts them.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/time/fixed_granularity.h"
#include "engine/time/granularity.h"
#include "engine/time/zone_calendar.h"
#include "storage/base/period.h"

namespace sarsen::engine {

struct PeriodRule {
  Period period;  // no amount is negative, one is not zero
  std::shared_ptr<const TimeZone> zone;
  std::int64_t origin_ms = 0;
  bool has_origin = false;
};

/// The same, with one unit instead of a sum of them.
struct PeriodUnit {
  CalendarUnit unit;
  std::int64_t count;
};

/// nullopt where the period has more than one unit.
std::optional<PeriodUnit> single_unit(const Period& period) noexcept;

class PeriodGranularity : public Granularity {
 public:
  explicit PeriodGranularity(PeriodRule rule);

  /// Throws kInvalidInput where a sum of units would take too many steps from its origin.
  std::int64_t bucket_start(std::int64_t time_ms) const override;
  std::int64_t next_bucket(std::int64_t bucket_start_ms) const override;
  std::string format(std::int64_t time_ms) const override;
  Json to_json() const override;

 private:
  std::int64_t start_of_units(std::int64_t time_ms) const;
  std::int64_t start_by_steps(std::int64_t time_ms) const;
  std::int64_t step_back(std::int64_t time_ms) const;

  PeriodRule rule_;
  std::optional<PeriodUnit> unit_;
  std::optional<FixedGranularity> fixed_;  // a sum of units whose length never changes in the zone
  std::vector<std::int64_t> steps_ms_;     // the first bucket starts from the origin on, for all other sums
};

}  // namespace sarsen::engine
