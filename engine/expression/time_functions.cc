// timestamp_floor, timestamp_ceil, timestamp_shift, timestamp_extract, subtract_months. With literal periods and zones
// they have a form for vectors that remembers the bucket of the last time: where times ascend, nearly none needs date
// arithmetic.

#include <limits>

#include "engine/expression/function.h"
#include "engine/expression/time_field.h"
#include "engine/time/granularity.h"
#include "engine/time/iso_in_zone.h"
#include "engine/time/zone_calendar.h"
#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/base/period.h"

namespace sarsen::engine::expression {
namespace {

using GranularityPointer = std::shared_ptr<const Granularity>;
using ZonePointer = std::shared_ptr<const TimeZone>;

ZonePointer zone_named(const std::optional<std::string>& name) {
  return name ? TimeZone::find(*name) : TimeZone::utc();
}

/// Milliseconds, or ISO text that is local to the zone where it says nothing else.
std::optional<std::int64_t> time_of(const Eval& value, const TimeZone& zone) {
  if (value.is_null()) return std::nullopt;
  if (const auto* text = std::get_if<std::string>(&value.value)) return parse_iso_in(zone, *text);
  return value.as_long();
}

GranularityPointer make_granularity(const std::string& function, const Eval& period, const Eval& origin,
                                    const std::optional<std::string>& zone) {
  if (period.is_null()) fail_function(function, "period must not be null");
  Json::Object rule = {{"type", "period"}, {"period", *period.as_string()}};
  if (zone) rule.emplace_back("timeZone", *zone);
  if (const auto origin_ms = time_of(origin, *zone_named(zone))) rule.emplace_back("origin", *origin_ms);
  const Json json(std::move(rule));
  return parse_granularity(JsonField(json));
}

GranularityPointer granularity_of(const std::string& function, const Arguments& arguments) {
  return make_granularity(function, arguments[1], arguments.size() > 2 ? arguments[2] : Eval(),
                          arguments.size() > 3 ? arguments[3].as_string() : std::nullopt);
}

bool literals_from(const Exprs& arguments, std::size_t first) {
  for (std::size_t i = first; i < arguments.size(); ++i)
    if (literal_of(*arguments[i]) == nullptr) return false;
  return true;
}

std::int64_t floor_of(const Granularity& granularity, std::int64_t time_ms) {
  return granularity.bucket_start(time_ms);
}

std::int64_t ceiling_of(const Granularity& granularity, std::int64_t time_ms) {
  const std::int64_t start_ms = granularity.bucket_start(time_ms);
  return start_ms == time_ms ? start_ms : granularity.next_bucket(start_ms);
}

using Rounding = std::int64_t (*)(const Granularity&, std::int64_t);

/// The rule is read once where it is literal.
template <Rounding kRound>
Apply bind_rounding(const std::string& name, const Exprs& arguments) {
  if (!literals_from(arguments, 1))
    return [name](const Arguments& given) {
      const Eval time = given[0];
      return Eval::of(kRound(*granularity_of(name, given), time.as_long()));
    };
  const RootBindings none;
  const GranularityPointer granularity = granularity_of(name, Arguments(arguments, none));
  return [granularity](const Arguments& given) {
    const Eval time = given[0];
    return time.is_numeric_null() ? Eval::null(Type::long_()) : Eval::of(kRound(*granularity, time.as_long()));
  };
}

Apply bind_floor(const Exprs& arguments) { return bind_rounding<floor_of>("timestamp_floor", arguments); }
Apply bind_ceiling(const Exprs& arguments) { return bind_rounding<ceiling_of>("timestamp_ceil", arguments); }

template <bool kCeiling>
class BucketMap final : public LongMap {
 public:
  explicit BucketMap(GranularityPointer granularity) : granularity_(std::move(granularity)) {}

  std::int64_t map(std::int64_t time_ms) override {
    if (time_ms < start_ms_ || time_ms >= end_ms_) enter(time_ms);
    if (time_ms < start_ms_) return kCeiling ? ceiling_of(*granularity_, time_ms) : start_ms_;
    return kCeiling && time_ms != start_ms_ ? end_ms_ : start_ms_;
  }

 private:
  /// Before 1970 some of Druid's buckets start after their times: those are not remembered.
  void enter(std::int64_t time_ms) {
    start_ms_ = granularity_->bucket_start(time_ms);
    end_ms_ = time_ms < start_ms_ ? start_ms_ : granularity_->next_bucket(start_ms_);
  }

  GranularityPointer granularity_;
  std::int64_t start_ms_ = 0;
  std::int64_t end_ms_ = 0;
};

template <bool kCeiling>
std::unique_ptr<LongMap> bucket_map(const Exprs& arguments) {
  if (!literals_from(arguments, 1)) return nullptr;
  const RootBindings none;
  return std::make_unique<BucketMap<kCeiling>>(granularity_of("timestamp_floor", Arguments(arguments, none)));
}

std::int64_t shifted(const TimeZone& zone, std::int64_t time_ms, const Period& period, std::int32_t step) {
  return add_period(zone, time_ms, period, step);
}

Apply bind_shift(const Exprs& arguments) {
  if (!literals_from(arguments, 1))
    return [](const Arguments& given) {
      const Eval time = given[0];
      const ZonePointer zone = zone_named(given.size() > 3 ? given[3].as_string() : std::nullopt);
      const Period period = Period::parse(given[1].as_string().value_or(""));
      return Eval::of(shifted(*zone, time.as_long(), period, given[2].as_int()));
    };
  const Period period = Period::parse(literal_text("timestamp_shift", arguments, 1).value_or(""));
  const std::int32_t step = literal_of(*arguments[2])->as_int();
  const ZonePointer zone = zone_named(literal_text("timestamp_shift", arguments, 3));
  return [=](const Arguments& given) {
    const Eval time = given[0];
    if (time.is_numeric_null()) return Eval::null(Type::long_());
    return Eval::of(shifted(*zone, time.as_long(), period, step));
  };
}

Apply bind_extract(const Exprs& arguments) {
  const TimeField field = TimeField::named(literal_text("timestamp_extract", arguments, 1).value_or(""));
  const ZonePointer zone = zone_named(literal_text("timestamp_extract", arguments, 2));
  return [=](const Arguments& given) {
    const Eval time = given[0];
    if (!time.is_null() && !time.type.is_long() && !time.type.is_string())
      fail_function("timestamp_extract", "needs a LONG or a STRING as its first argument but got " + time.type.name());
    const std::optional<std::int64_t> time_ms = time_of(time, *zone);
    return time_ms ? field.eval(*zone, *time_ms) : Eval();
  };
}

MaybeType extract_output(const ArgumentTypes& types) {
  const Eval* literal = literal_of(types.expr(1));
  return TimeField::named(literal->as_string().value_or("")).is_double() ? Type::double_() : Type::long_();
}

std::unique_ptr<LongMap> extract_map(const Exprs& arguments) {
  return TimeField::named(literal_text("timestamp_extract", arguments, 1).value_or(""))
      .map(zone_named(literal_text("timestamp_extract", arguments, 2)));
}

/// A null counts as 0, as in Druid.
Eval subtract_months(const Arguments& arguments) {
  const ZonePointer zone = zone_named(arguments[2].as_string());
  return Eval::of(units_between(*zone, arguments[1].as_long(), arguments[0].as_long(), CalendarUnit::kMonth));
}

}  // namespace

void add_time_functions(FunctionRegistry& registry) {
  registry.add({.name = "timestamp_floor",
                .arguments_min = 2,
                .arguments_max = 4,
                .bind = bind_floor,
                .output = long_output,
                .vector_rule = VectorRule::kAlways,
                .long_map = bucket_map<false>});
  registry.add({.name = "timestamp_ceil",
                .arguments_min = 2,
                .arguments_max = 4,
                .bind = bind_ceiling,
                .output = long_output,
                .long_map = bucket_map<true>});
  registry.add({.name = "timestamp_shift",
                .arguments_min = 3,
                .arguments_max = 4,
                .bind = bind_shift,
                .output = long_output,
                .vector_rule = VectorRule::kAlways});
  registry.add({.name = "timestamp_extract",
                .arguments_min = 2,
                .arguments_max = 3,
                .bind = bind_extract,
                .output = extract_output,
                .long_map = extract_map});
  registry.add({.name = "subtract_months",
                .arguments_min = 3,
                .arguments_max = 3,
                .bind = plain<subtract_months>,
                .output = long_output});
}

}  // namespace sarsen::engine::expression
