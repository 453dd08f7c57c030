#pragma once
// The shortest decimal digits that read back as a double: what Double.toString shows and what BigDecimal.valueOf,
// String.format and rounding work on. Functions of their arguments only.

#include <string>

namespace sarsen::engine {

/// 0.digits times ten to the exponent.
struct ShortestDigits {
  std::string digits;
  int exponent;

  /// REQUIRES: finite and above zero.
  static ShortestDigits of(double magnitude);

  /// Keeps `count` digits, half away from zero. REQUIRES: count < digits.size().
  void round_to(std::size_t count);
};

}  // namespace sarsen::engine
