#pragma once
// Text to numbers and numbers to numbers as Java and Druid do it. Functions of their arguments only.

#include <cstdint>
#include <optional>
#include <string_view>

namespace sarsen {

/// Druid's rule for text where a long is wanted: a plain decimal integer in range, else any decimal number that is exactly an integer in range
/// ("42.0", "4.2e1"); everything else ("42.5", "9e99", " 42") is no number.
std::optional<std::int64_t> exact_long(std::string_view text);

/// Guava's Doubles.tryParse: Java's syntax ("1e3", "NaN", "-Infinity", "0x1p3", "1.5d"), without blanks around it.
std::optional<double> try_parse_double(std::string_view text);
/// Floats.tryParse: rounded once, from the text.
std::optional<float> try_parse_float(std::string_view text);

/// (long) of a double: truncates toward zero, NaN is 0, values out of range become the nearest long.
std::int64_t java_long(double value) noexcept;

}  // namespace sarsen
