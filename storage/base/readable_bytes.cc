#include "storage/base/readable_bytes.h"

#include <string>

#include "storage/base/java_number.h"

namespace sarsen {
namespace {

char lower(char character) noexcept {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
}

/// The power of a unit; 0: none.
unsigned power_of(char unit) noexcept {
  constexpr std::string_view kUnits = "kmgtp";
  const std::size_t at = kUnits.find(lower(unit));
  return at == std::string_view::npos ? 0 : static_cast<unsigned>(at) + 1;
}

}  // namespace

std::optional<std::uint64_t> parse_readable_bytes(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  bool binary = false;
  if (text.size() > 2 && lower(text.back()) == 'b') {
    text.remove_suffix(1);
    if (lower(text.back()) != 'i') return std::nullopt;
  }
  if (text.size() > 1 && lower(text.back()) == 'i') {
    binary = true;
    text.remove_suffix(1);
  }
  const unsigned power = text.empty() ? 0 : power_of(text.back());
  if (power > 0) text.remove_suffix(1);
  if (binary && power == 0) return std::nullopt;
  const std::optional<std::int64_t> number = exact_long(text);
  if (!number || *number < 0) return std::nullopt;
  std::int64_t bytes = *number;
  for (unsigned i = 0; i < power; ++i)
    if (__builtin_mul_overflow(bytes, std::int64_t{binary ? 1024 : 1000}, &bytes)) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

}  // namespace sarsen
