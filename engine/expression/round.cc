#include "engine/expression/round.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "engine/text/shortest_digits.h"

namespace sarsen::engine::expression {
namespace {

double value_of(const ShortestDigits& number) {
  const std::string text = "0." + (number.digits.empty() ? "0" : number.digits) + "e" + std::to_string(number.exponent);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::int64_t round_half_up(std::int64_t value, std::int32_t scale) noexcept {
  if (scale >= 0) return value;
  if (scale < -19) return 0;
  unsigned __int128 unit = 1;
  for (std::int32_t i = 0; i < -scale; ++i) unit *= 10;
  const auto bits = static_cast<std::uint64_t>(value);
  const unsigned __int128 magnitude = value < 0 ? std::uint64_t{0} - bits : bits;
  const auto rounded = static_cast<std::uint64_t>((magnitude + unit / 2) / unit * unit);
  return static_cast<std::int64_t>(value < 0 ? std::uint64_t{0} - rounded : rounded);
}

double round_half_up(double value, std::int32_t scale) {
  if (value != value) return 0.0;
  if (std::isinf(value)) return std::copysign(std::numeric_limits<double>::max(), value);
  if (value == 0) return 0.0;
  ShortestDigits number = ShortestDigits::of(std::fabs(value));
  const std::int64_t count = std::int64_t{number.exponent} + scale;
  if (count >= static_cast<std::int64_t>(number.digits.size())) return value;
  if (count < 0) return 0.0;
  number.round_to(static_cast<std::size_t>(count));
  const double rounded = value_of(number);
  return rounded == 0 ? 0.0 : std::copysign(rounded, value);
}

}  // namespace sarsen::engine::expression
