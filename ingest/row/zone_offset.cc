#include "ingest/row/zone_offset.h"

#include "storage/base/civil_time.h"

namespace sarsen::ingest {

std::optional<std::int64_t> scan_zone_offset(TextScanner& scanner) noexcept {
  if (scanner.accept('Z') || scanner.accept('z')) return 0;
  const char sign = scanner.peek();
  if ((sign != '+' && sign != '-') || scanner.digits_ahead(2, 1) < 2) return std::nullopt;
  scanner.accept(sign);
  const std::int64_t hours = *scanner.number(2);
  if (hours > 23) return std::nullopt;
  std::int64_t offset_ms = hours * kHourMs;
  std::int64_t unit_ms = kMinuteMs;
  const std::size_t colon = scanner.peek() == ':' ? 1 : 0;  // with colons everywhere, or nowhere
  for (; unit_ms >= kSecondMs && (colon == 0 || scanner.peek() == ':') && scanner.digits_ahead(2, colon) == 2;
       unit_ms /= 60) {
    if (colon == 1) scanner.accept(':');
    const std::int64_t part = *scanner.number(2);
    if (part > 59) return std::nullopt;
    offset_ms += part * unit_ms;
  }
  return sign == '-' ? -offset_ms : offset_ms;
}

}  // namespace sarsen::ingest
