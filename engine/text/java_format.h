#pragma once
// String.format of Java for the conversions of text, integers and floating numbers: %s %S %d %x %X %o %e %E %f %g %G %b
// %B %c %n %%, with flags, widths, precisions and argument numbers. In English, as Druid formats. Functions of their
// arguments only.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/result/value.h"

namespace sarsen::engine {

/// nullopt where Java refuses the pattern or an argument does not fit. Throws kUnsupported for %h, %a and %t,
/// kResourceLimit for widths and precisions past a million.
std::optional<std::string> java_format(std::string_view pattern, std::span<const Value> arguments);

/// "%.2f" with `precision` digits: the shortest digits of the number, rounded half away from zero.
std::string fixed_text(double value, int precision);

}  // namespace sarsen::engine
