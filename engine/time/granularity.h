#pragma once
// A rule that maps a time to the start of its bucket: Druid's granularities ("all", "none", "hour", …), durations and
// periods with time zones and origins. Immutable; thread-safe.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "storage/base/interval.h"
#include "storage/base/json.h"

namespace sarsen::engine {

class Granularity {
 public:
  virtual ~Granularity() = default;

  /// REQUIRES for both: !is_all().
  virtual std::int64_t bucket_start(std::int64_t time_ms) const = 0;
  /// The start of the bucket that follows the one starting at `bucket_start_ms`; always greater.
  virtual std::int64_t next_bucket(std::int64_t bucket_start_ms) const = 0;

  virtual bool is_all() const noexcept { return false; }
  virtual bool is_none() const noexcept { return false; }

  /// As a row prints its timestamp: in UTC, or with the offset of the zone ("2013-08-30T00:00:00.000-07:00").
  virtual std::string format(std::int64_t time_ms) const;

  /// As metadata.drd and segmentMetadata write it: {"type":"none"}, "HOUR", {"type":"period",…}.
  virtual Json to_json() const = 0;
};

/// From a string ("hour", any case) or an object. Throws kInvalidInput with the path and a suggestion.
std::shared_ptr<const Granularity> parse_granularity(const JsonField& json);
std::shared_ptr<const Granularity> parse_granularity(std::string_view name);

/// The longest period with a name, such as "DAY", that is as long as this interval from its start on, in UTC; nullopt:
/// none is.
std::optional<std::string_view> named_period(const Interval& interval);

/// Whether each bucket of `fine` is known to lie within one of `coarse`.
bool nests_in(const Granularity& fine, const Granularity& coarse);

}  // namespace sarsen::engine
