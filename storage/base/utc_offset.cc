#include "storage/base/utc_offset.h"

#include <fmt/format.h>

#include "storage/base/civil_time.h"

namespace sarsen {

namespace {

std::optional<std::int64_t> two_digits(TextScanner& scanner, std::int64_t most) noexcept {
  if (!is_ascii_digit(scanner.peek()) || !is_ascii_digit(scanner.peek(1))) return std::nullopt;
  const std::optional<std::int64_t> value = scanner.number(2);
  return *value <= most ? value : std::nullopt;
}

std::optional<std::int64_t> amount_ms(TextScanner& scanner) noexcept {
  const std::optional<std::int64_t> hours = two_digits(scanner, 23);
  if (!hours) return std::nullopt;
  std::int64_t amount_ms = *hours * kHourMs;
  const bool colons = scanner.peek() == ':';
  for (const std::int64_t unit_ms : {kMinuteMs, kSecondMs}) {
    if (colons ? !scanner.accept(':') : !is_ascii_digit(scanner.peek())) return amount_ms;
    const std::optional<std::int64_t> value = two_digits(scanner, 59);
    if (!value) return std::nullopt;
    amount_ms += *value * unit_ms;
  }
  if (colons && !scanner.accept('.') && !scanner.accept(',')) return amount_ms;
  if (!is_ascii_digit(scanner.peek())) return colons ? std::nullopt : std::optional(amount_ms);
  for (std::int64_t digit_ms = 100; digit_ms > 0 && is_ascii_digit(scanner.peek()); digit_ms /= 10)
    amount_ms += *scanner.number(1) * digit_ms;
  return amount_ms;
}

}  // namespace

std::optional<std::int64_t> scan_utc_offset(TextScanner& scanner) noexcept {
  const std::size_t begin = scanner.position();
  const bool negative = scanner.accept('-');
  if (!negative && !scanner.accept('+')) return std::nullopt;
  const std::optional<std::int64_t> amount = amount_ms(scanner);
  if (!amount) {
    scanner.seek(begin);
    return std::nullopt;
  }
  return negative ? -*amount : *amount;
}

std::string utc_offset_text(std::int64_t offset_ms) {
  const std::int64_t size_ms = offset_ms < 0 ? -offset_ms : offset_ms;
  std::string text =
      fmt::format("{}{:02}:{:02}", offset_ms < 0 ? '-' : '+', size_ms / kHourMs, size_ms / kMinuteMs % 60);
  if (size_ms % kMinuteMs != 0) text += fmt::format(":{:02}", size_ms / kSecondMs % 60);
  if (size_ms % kSecondMs != 0) text += fmt::format(".{:03}", size_ms % kSecondMs);
  return text;
}

}  // namespace sarsen
