// Which buckets lie within which: known of those of UTC that have a name.

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/time/granularity.h"
#include "storage/base/civil_time.h"

namespace sarsen::engine {
namespace {

/// One of the two; neither for a week, which begins on Mondays.
struct Length {
  std::int64_t months = 0;
  std::int64_t fixed_ms = 0;  // from 1970 on, a part of a day or one
};

/// nullopt for buckets without a name.
std::optional<Length> length_of(const Granularity& granularity) {
  const Json json = granularity.to_json();
  if (!json.is_string()) return std::nullopt;
  const std::string_view name = json.string();
  if (name == "WEEK") return Length{};
  if (name == "MONTH") return Length{.months = 1};
  if (name == "QUARTER") return Length{.months = 3};
  if (name == "YEAR") return Length{.months = 12};
  return Length{.fixed_ms = granularity.next_bucket(0)};
}

}  // namespace

bool nests_in(const Granularity& fine, const Granularity& coarse) {
  if (coarse.is_all() || fine.is_none()) return true;
  if (fine.is_all() || coarse.is_none()) return false;
  if (fine.to_json().dump() == coarse.to_json().dump()) return true;
  const std::optional<Length> part = length_of(fine);
  const std::optional<Length> whole = length_of(coarse);
  if (!part || !whole) return false;
  if (part->fixed_ms > 0) return (whole->fixed_ms > 0 ? whole->fixed_ms : kDayMs) % part->fixed_ms == 0;
  return part->months > 0 && whole->months > 0 && whole->months % part->months == 0;
}

}  // namespace sarsen::engine
