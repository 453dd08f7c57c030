#pragma once
// The digits of the numbers for which Float.toString and Double.toString of Java up to 18 show others than the shortest
// that read back as the same number: powers of two, whose lower neighbour is nearer than Java takes it to be, and
// integers beyond the precision of the type. Thread-safe.

#include <optional>
#include <string>

namespace sarsen {

/// Significant digits and the power of ten of the first one.
struct JavaDigits {
  std::string digits;
  int exponent;
};

/// nullopt: the shortest digits are Java's. `value` is positive and finite.
std::optional<JavaDigits> peculiar_java_digits(double value);
std::optional<JavaDigits> peculiar_java_digits(float value);

}  // namespace sarsen
