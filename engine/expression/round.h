#pragma once
// Rounding in decimal digits, half away from zero, as BigDecimal.setScale with HALF_UP: of a double the shortest text
// that reads back as it is rounded, so 1.005 to two digits is 1.01. Functions of their arguments only.

#include <cstdint>

namespace sarsen::engine::expression {

/// `scale` digits stay after the point; a negative one counts digits before it. Overflow wraps.
std::int64_t round_half_up(std::int64_t value, std::int32_t scale) noexcept;
/// NaN is 0, infinities are the greatest finite values, as in Druid.
double round_half_up(double value, std::int32_t scale);

}  // namespace sarsen::engine::expression
