#pragma once
// Doubles in the order of Java's Double.compare, which tells -0.0 from 0.0. None is NaN. Pure functions, safe from any
// thread; what they make is the same on every machine.

#include <cmath>
#include <vector>

namespace sarsen::engine::sketch {

inline bool is_before(double left, double right) noexcept {
  return left < right || (left == right && std::signbit(left) && !std::signbit(right));
}

void sort_doubles(std::vector<double>& values);

/// REQUIRES: each half is sorted; their size is even.
void merge_sorted_halves(std::vector<double>& values);

}  // namespace sarsen::engine::sketch
