#pragma once
// Estimates of HLL sketches that need no history: from the number of coupons, and from the registers. Pure functions.

#include <cstdint>

namespace sarsen::engine::sketch {

/// How many distinct values make `count` distinct coupons. REQUIRES: count <= 600000.
double estimate_coupons(std::uint32_t count) noexcept;

/// From the registers of a sketch with 2^lg_k of them: `sum` is that of 2^-value, `zeros` counts those that are 0.
/// Linear counting while few values were seen; else the harmonic mean, freed from its bias. REQUIRES: 0 < lg_k <= 26,
/// sum > 0.
double estimate_registers(int lg_k, double sum, std::uint32_t zeros);

/// The relative error that estimates of register sketches have with the probability of so many standard deviations, up
/// or down. `out_of_order`: from the registers alone. REQUIRES: 1 <= deviations <= 3.
double relative_error(int lg_k, bool upper, bool out_of_order, int deviations) noexcept;

}  // namespace sarsen::engine::sketch
