#include "engine/sketch/hll_estimate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <tuple>

#include "engine/sketch/hll_means.h"

namespace sarsen::engine::sketch {
namespace {

/// The cubic through four points, at `x`.
double cubic(const double* xs, const double* ys, double x) noexcept {
  double sum = 0;
  for (int i = 0; i < 4; ++i) {
    double above = 1;
    double below = 1;
    for (int j = 0; j < 4; ++j) {
      if (j == i) continue;
      above *= x - xs[j];
      below *= xs[i] - xs[j];
    }
    sum += ys[i] * above / below;
  }
  return sum;
}

/// Cubic interpolation in a table with ascending `xs`. REQUIRES: size >= 4, xs[0] <= x <= xs[size - 1].
double interpolate(const double* xs, const double* ys, std::size_t size, double x) noexcept {
  if (x == xs[size - 1]) return ys[size - 1];
  const auto left = static_cast<std::size_t>(std::upper_bound(xs, xs + size, x) - xs) - 1;
  const std::size_t first = left == 0 ? 0 : std::min(left - 1, size - 4);
  return cubic(xs + first, ys + first, x);
}

// How many distinct values (second row) are expected to make so many distinct coupons (first row), of 2^26 addresses
// and values v with probability 2^-v: the root of sum over v of 2^26 * (1 - (1 - 2^-v / 2^26)^values) = coupons.
constexpr std::array kCoupons = {0.0, 1.0, 20.0, 400.0, 8000.0, 160000.0, 300000.0, 600000.0};
constexpr std::array kValuesOfCoupons = {0.0,
                                         1.0,
                                         20.00000094374026,
                                         400.0003963713384,
                                         8000.1589294602054,
                                         160063.60677637593,
                                         300223.70715976629,
                                         600895.59338561702};

double harmonic_factor(int lg_k) noexcept {
  switch (lg_k) {
    case 4:
      return 0.673;
    case 5:
      return 0.697;
    case 6:
      return 0.709;
    default:
      return 0.7213 / (1.0 + 1.079 / static_cast<double>(1 << lg_k));
  }
}

/// The number of distinct values that the harmonic estimate stands for, which is biased while there are few of them.
/// Where no means were measured, as nobody merges such sketches, it is taken as it is.
double unbiased(int lg_k, double harmonic) noexcept {
  const HllMeans* measured = hll_means(lg_k);
  if (measured == nullptr) return harmonic;
  const double step = hll_means_step(lg_k);
  const HllMeans& means = *measured;
  constexpr std::size_t kLast = std::tuple_size_v<HllMeans> - 1;
  if (harmonic < means[0]) return 0;
  if (harmonic > means[kLast]) return harmonic * (step * kLast / means[kLast]);
  HllMeans values;
  for (std::size_t i = 0; i <= kLast; ++i) values[i] = step * static_cast<double>(i);
  return interpolate(means.data(), values.data(), means.size(), harmonic);
}

/// 1 + 1/2 + … + 1/number.
double harmonic_number(double number) noexcept {
  constexpr double kExactBelow = 25;
  if (number < kExactBelow) {
    double sum = 0;
    for (double i = number; i >= 1; --i) sum += 1 / i;
    return sum;
  }
  const double square = 1.0 / (number * number);
  return std::log(number) + std::numbers::egamma + 1 / (2 * number) -
         square * (1.0 / 12 - square * (1.0 / 120 - square * (1.0 / 252 - square / 240)));
}

/// From the registers still 0 alone.
double linear_count(int lg_k, std::uint32_t zeros) noexcept {
  const auto registers = static_cast<double>(1 << lg_k);
  if (zeros == 0) return registers * std::log(registers / 0.5);
  return registers * (harmonic_number(registers) - harmonic_number(zeros));
}

}  // namespace

double estimate_coupons(std::uint32_t count) noexcept {
  const auto coupons = static_cast<double>(count);
  return std::max(coupons, interpolate(kCoupons.data(), kValuesOfCoupons.data(), kCoupons.size(), coupons));
}

double estimate_registers(int lg_k, double sum, std::uint32_t zeros) {
  const auto registers = static_cast<double>(1 << lg_k);
  const double harmonic = harmonic_factor(lg_k) * registers * registers / sum;
  const double adjusted = unbiased(lg_k, harmonic);
  if (adjusted == 0) return 0;
  if (adjusted > 3 * registers) return adjusted;
  const double linear = linear_count(lg_k, zeros);
  const double crossing = lg_k == 4 ? 0.718 : lg_k == 5 ? 0.672 : 0.64;
  return (adjusted + linear) / 2.0 > crossing * registers ? adjusted : linear;
}

}  // namespace sarsen::engine::sketch
