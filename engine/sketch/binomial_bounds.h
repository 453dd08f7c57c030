#pragma once
// How many distinct values there may have been, given that `kept` of them fell below theta (the part of all hashes that
// a theta or tuple sketch keeps): bounds that the true number passes with the probability of one, two or three standard
// deviations, as DataSketches gives them. Pure functions.

#include <cstdint>

namespace sarsen::engine::sketch {

/// REQUIRES: 0 < theta <= 1, deviations from 1 to 3.
double binomial_lower_bound(std::uint64_t kept, double theta, int deviations) noexcept;
double binomial_upper_bound(std::uint64_t kept, double theta, int deviations) noexcept;

}  // namespace sarsen::engine::sketch
