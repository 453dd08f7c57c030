#pragma once
// The fields of a time that timestamp_extract knows: calendar fields of a zone and a few counted ones. Values.

#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/expression/eval.h"
#include "engine/expression/function.h"
#include "engine/time/time_zone.h"

namespace sarsen::engine::expression {

class TimeField {
 public:
  /// In any case. Throws kInvalidInput for other names.
  static TimeField named(std::string_view name);

  /// Centuries and millennia are doubles in Druid.
  bool is_double() const noexcept { return unit_ == Unit::kCentury || unit_ == Unit::kMillennium; }
  Eval eval(const TimeZone& zone, std::int64_t time_ms) const;
  /// Remembers the day, hour and so on of the last time; nullptr for fields that are doubles.
  std::unique_ptr<LongMap> map(std::shared_ptr<const TimeZone> zone) const;

 private:
  enum class Unit : std::uint8_t {
    kEpoch,
    kMillisecond,
    kSecond,
    kMinute,
    kHour,
    kDay,
    kDow,
    kIsoDow,
    kDoy,
    kWeek,
    kMonth,
    kQuarter,
    kYear,
    kIsoYear,
    kDecade,
    kCentury,
    kMillennium,
  };
  class Map;

  explicit TimeField(Unit unit) : unit_(unit) {}
  std::int64_t value(const TimeZone& zone, std::int64_t time_ms) const noexcept;

  Unit unit_;
};

}  // namespace sarsen::engine::expression
