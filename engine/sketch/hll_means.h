#pragma once
// What the harmonic estimate of HLL sketches is in the mean, after how many distinct values: measured by DataSketches,
// read off its answers here. Evenly spaced numbers of values, from none to about ten for each register. Constants.

#include <array>
#include <cstddef>

namespace sarsen::engine::sketch {

using HllMeans = std::array<double, 257>;

inline constexpr int kHllMeansLgKMin = 4;
inline constexpr int kHllMeansLgKMax = 21;

extern const std::array<HllMeans, 9> kHllMeansLow;   // lgK from 4 to 12
extern const std::array<HllMeans, 9> kHllMeansHigh;  // lgK from 13 to 21

/// nullptr where nothing was measured.
inline const HllMeans* hll_means(int lg_k) noexcept {
  if (lg_k < kHllMeansLgKMin || lg_k > kHllMeansLgKMax) return nullptr;
  const auto index = static_cast<std::size_t>(lg_k - kHllMeansLgKMin);
  return index < kHllMeansLow.size() ? &kHllMeansLow[index] : &kHllMeansHigh[index - kHllMeansLow.size()];
}

/// Distinct values between two means.
inline double hll_means_step(int lg_k) noexcept {
  constexpr std::array kSmall = {1.0, 2.0, 3.0};
  return lg_k < 7 ? kSmall[static_cast<std::size_t>(lg_k - kHllMeansLgKMin)] : (1 << lg_k) * 5.0 / 128;
}

}  // namespace sarsen::engine::sketch
