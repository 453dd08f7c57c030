#pragma once
// What Java's Character knows of UTF-16 units: decimal digits of all scripts, and letters regardless of case. Tables of
// Unicode 13, as Java 17 has them, so that answers do not depend on the machine's locale. Functions of their arguments
// only.

#include <cstdint>
#include <string>
#include <string_view>

namespace sarsen {

/// 0 to 9 for a decimal digit of any script up to U+FFFF, else -1.
int java_digit(std::uint32_t code_point) noexcept;

// Character.toUpperCase and toLowerCase: of one code point, to one code point.
std::uint32_t java_upper(std::uint32_t code_point) noexcept;
std::uint32_t java_lower(std::uint32_t code_point) noexcept;

/// `utf8` with every decimal digit of another script replaced by its ASCII digit: as BigDecimal and Integer.parseInt
/// read it.
std::string with_ascii_digits(std::string_view utf8);

/// Character.toLowerCase(Character.toUpperCase(c)) of every UTF-16 unit: equal for strings that equalsIgnoreCase, and
/// in the order of compareToIgnoreCase.
std::string ignoring_case(std::string_view utf8);

}  // namespace sarsen
