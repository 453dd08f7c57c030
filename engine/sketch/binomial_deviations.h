#pragma once
// With how many standard deviations the normal approximation of binomial_bounds.h meets the true bound, where a sketch
// keeps few hashes of many values. DataSketches searched for them with limited precision: they are read off its
// answers. Constants.

#include <array>
#include <cstddef>

namespace sarsen::engine::sketch {

using Deviations = std::array<double, 3>;  // for one, two and three standard deviations

extern const std::array<Deviations, 120> kLowerDeviations;  // of 1 to 120 kept hashes
extern const std::array<Deviations, 120> kUpperDeviations;

}  // namespace sarsen::engine::sketch
