#pragma once
// Numbers as Java writes them: Double.toString and Float.toString of Java up to 18, which are mostly the shortest
// digits that read back as the same number (java_digits.h says when not).

#include <array>
#include <string>
#include <string_view>

namespace sarsen {

std::string java_text(double value);
std::string java_text(float value);

/// Holds any number's text.
using NumberRoom = std::array<char, 48>;

/// The same without an allocation: a part of `room`.
std::string_view java_text(double value, NumberRoom& room);
std::string_view java_text(float value, NumberRoom& room);

}  // namespace sarsen
