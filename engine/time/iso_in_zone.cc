#include "engine/time/iso_in_zone.h"

#include "storage/base/error.h"
#include "storage/base/interval.h"
#include "storage/base/utc_offset.h"

namespace sarsen::engine {
namespace {

/// An offset can stand only behind a T, and only once.
bool has_offset(std::string_view text) {
  if (text.find_first_of("Tt") == std::string_view::npos) return false;
  try {
    static_cast<void>(parse_iso(std::string(text) + "Z"));
  } catch (const Error&) {
    return true;
  }
  return false;
}

}  // namespace

std::int64_t parse_iso_in(const TimeZone& zone, std::string_view text) {
  const std::int64_t time_ms = parse_iso(text);
  if (zone.is_utc() || has_offset(text)) return time_ms;
  const std::int64_t utc_ms = zone.to_utc(time_ms);
  if (zone.to_local(utc_ms) == time_ms) return utc_ms;
  throw Error(ErrorCategory::kInvalidInput,
              "Cannot parse \"" + std::string(text) + "\": the clocks of " + zone.id() + " skip this time");
}

std::optional<std::int64_t> parse_date_and_time(const TimeZone& zone, std::string_view text) {
  if (text.empty() || text[0] == 'T' || text[0] == 't') return std::nullopt;
  std::string iso(text);
  const std::size_t blank = iso.find(' ');
  if (blank != std::string::npos && iso.find_first_of("Tt") > blank) iso[blank] = 'T';
  try {
    return parse_iso_in(zone, iso);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string format_iso_in(const TimeZone& zone, std::int64_t time_ms) {
  const std::int64_t offset_ms = zone.offset_ms(time_ms);
  std::string text = format_iso(time_ms + offset_ms);
  if (offset_ms != 0) text.replace(text.size() - 1, 1, utc_offset_text(offset_ms));
  return text;
}

}  // namespace sarsen::engine
