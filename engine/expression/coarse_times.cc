#include "engine/expression/coarse_times.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/expression/apply_function.h"
#include "engine/expression/function.h"
#include "engine/expression/vector_compiler.h"
#include "engine/time/zone_calendar.h"
#include "storage/base/civil_time.h"

namespace sarsen::engine::expression {
namespace {

/// The unit that tells times apart by a pattern of Joda-Time. nullopt: milliseconds do, or the zone's own changes.
std::optional<CalendarUnit> finest_unit(std::string_view pattern) {
  CalendarUnit finest = CalendarUnit::kDay;
  bool quoted = false;
  for (const char letter : pattern) {
    if (letter == '\'') quoted = !quoted;
    if (quoted) continue;
    constexpr std::string_view kFinest = "SzZ";
    if (kFinest.find(letter) != std::string_view::npos) return std::nullopt;
    constexpr std::string_view kHours = "aKhHk";
    if (kHours.find(letter) != std::string_view::npos) finest = std::max(finest, CalendarUnit::kHour);
    if (letter == 'm') finest = std::max(finest, CalendarUnit::kMinute);
    if (letter == 's') finest = CalendarUnit::kSecond;
  }
  return finest;
}

/// Beyond these, the start or the end of a unit may leave the range of times.
constexpr std::int64_t kFlooredBeforeMs = days_from_civil({kYearMax - 100, 1, 1}) * kDayMs;

bool is_floored(std::int64_t time_ms) noexcept { return time_ms > -kFlooredBeforeMs && time_ms < kFlooredBeforeMs; }

class UnitMap final : public LongMap {
 public:
  UnitMap(CalendarUnit unit, std::shared_ptr<const TimeZone> zone) : unit_(unit), zone_(std::move(zone)) {}

  std::int64_t map(std::int64_t time_ms) override {
    if (time_ms >= start_ms_ && time_ms < end_ms_) return start_ms_;
    if (!is_floored(time_ms)) return time_ms;
    start_ms_ = floor_to_unit(*zone_, time_ms, unit_);
    end_ms_ = add_units(*zone_, start_ms_, unit_, 1);
    return start_ms_;
  }

 private:
  CalendarUnit unit_;
  std::shared_ptr<const TimeZone> zone_;
  std::int64_t start_ms_ = 0;
  std::int64_t end_ms_ = 0;
};

// A function that no query can name: (time, unit, zone).

CalendarUnit unit_of(const Exprs& arguments) { return static_cast<CalendarUnit>(literal_of(*arguments[1])->as_long()); }

std::shared_ptr<const TimeZone> zone_of(const Exprs& arguments) {
  const std::optional<std::string> name = literal_of(*arguments[2])->as_string();
  return name ? TimeZone::find(*name) : TimeZone::utc();
}

Apply bind_floor(const Exprs& arguments) {
  return [unit = unit_of(arguments), zone = zone_of(arguments)](const Arguments& given) {
    const Eval time = given[0];
    if (time.is_numeric_null()) return Eval::null(Type::long_());
    const std::int64_t time_ms = time.as_long();
    return Eval::of(is_floored(time_ms) ? floor_to_unit(*zone, time_ms, unit) : time_ms);
  };
}

std::unique_ptr<LongMap> floor_map(const Exprs& arguments) {
  return std::make_unique<UnitMap>(unit_of(arguments), zone_of(arguments));
}

constexpr Function kFloorToUnit = {.name = "floor_to_unit",
                                   .arguments_min = 3,
                                   .arguments_max = 3,
                                   .bind = bind_floor,
                                   .output = long_output,
                                   .may_fail = false,
                                   .long_map = floor_map};

/// timestamp_format(time, pattern[, zone]) with what is literal; nullptr: it is something else.
ExprPtr coarse(const Call& call, ColumnSources& columns) {
  const Exprs& arguments = call.arguments();
  if (call.function().name != "timestamp_format" || arguments.size() < 2) return nullptr;
  const Eval* pattern = literal_of(*arguments[1]);
  const Eval* zone = arguments.size() > 2 ? literal_of(*arguments[2]) : nullptr;
  if (pattern == nullptr || pattern->is_null() || (arguments.size() > 2 && zone == nullptr)) return nullptr;
  const std::optional<CalendarUnit> unit = finest_unit(*pattern->as_string());
  VectorCompiler compiler(columns);
  const std::optional<VectorCompiler::Form> form = compiler.form(*arguments[0]);
  if (!unit || !form || !form->is_long || form->may_fail) return nullptr;
  Exprs floored = arguments;
  floored[0] = std::make_shared<Call>(
      kFloorToUnit, Exprs{arguments[0], std::make_shared<Literal>(Eval::of(static_cast<std::int64_t>(*unit))),
                          std::make_shared<Literal>(zone != nullptr ? *zone : Eval())});
  return call.with_children(std::move(floored));
}

}  // namespace

/// Lambdas have names of their own and are left alone.
ExprPtr with_coarse_times(const ExprPtr& expr, ColumnSources& columns) {
  if (dynamic_cast<const ApplyCall*>(expr.get()) != nullptr || expr->children().empty()) return expr;
  if (const auto* call = dynamic_cast<const Call*>(expr.get()))
    if (ExprPtr made = coarse(*call, columns)) return made;
  Exprs children;
  bool changed = false;
  for (const ExprPtr& child : expr->children()) {
    children.push_back(with_coarse_times(child, columns));
    changed |= children.back() != child;
  }
  return changed ? expr->with_children(std::move(children)) : expr;
}

}  // namespace sarsen::engine::expression
