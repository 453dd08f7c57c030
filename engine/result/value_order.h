#pragma once
// The natural order of result values: null first, numbers as Java's compare, text by UTF-16 code units.

#include "engine/result/value.h"

namespace sarsen::engine {

/// Negative, 0 or positive. Numbers of different kinds compare as doubles; values that have no common order by their
/// kind.
int compare_values(const Value& left, const Value& right);

/// Double.compare: -0.0 < 0.0, NaN equals NaN and is greater than everything.
int compare_doubles(double left, double right) noexcept;

}  // namespace sarsen::engine
