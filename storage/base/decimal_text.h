#pragma once
// Decimal text of any size, as java.math.BigDecimal reads it: exact, so that numbers past 64 bits and past a double's
// digits still compare and convert. A function of its argument only.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sarsen {

/// The value is 0.digits times ten to the `exponent`.
struct Decimal {
  bool negative = false;
  std::string digits;  // without zeros at either end; empty: the number is 0
  std::int64_t exponent = 0;
};

/// [sign] digits [. digits] [e [sign] digits], where one side of the point may be empty; nullopt for all else, and
/// where the exponent does not fit into 32 bits. As Druid's own reader of longs does, takes "+-1" for -1.
std::optional<Decimal> parse_decimal(std::string_view text);

/// Negative, 0 or positive.
int compare_decimals(const Decimal& left, const Decimal& right) noexcept;

}  // namespace sarsen
