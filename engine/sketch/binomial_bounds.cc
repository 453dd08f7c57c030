#include "engine/sketch/binomial_bounds.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "engine/sketch/binomial_deviations.h"

namespace sarsen::engine::sketch {
namespace {

constexpr double kNormalFrom = 120;        // more kept values: the normal distribution will do
constexpr double kAlmostAll = 1.0 - 1e-5;  // theta above: nothing to estimate
constexpr double kPoissonBelow = 360;      // kept / theta above: the binomial distribution is almost Poisson's
constexpr int kTermsMax = 100'000;

/// The probability beyond so many standard deviations of a normal distribution, by the approximation of Abramowitz and
/// Stegun (7.1.28), as in DataSketches: good to seven digits, and bounds are rounded to whole values with it.
double tail(int deviations) noexcept {
  constexpr std::array kFactors = {0.0705230784, 0.0422820123, 0.0092705272, 0.0001520143, 0.0002765672, 0.0000430638};
  const double x = deviations / std::numbers::sqrt2;
  double sum = 1;
  double power = 1;
  for (const double factor : kFactors) sum += factor * (power *= x);
  return 0.5 / std::pow(sum, 16);
}

/// The ends of the normal approximation, with a correction for continuity.
double normal_bound(double corrected, double theta, double deviations, double sign) noexcept {
  const double mean = corrected / theta;
  const double b = deviations * std::sqrt((1.0 - theta) / theta);
  return mean + 0.5 * (b * b) + sign * (0.5 * b * std::sqrt(b * b + 4.0 * mean));
}

double matching(const std::array<Deviations, 120>& table, double kept, int deviations) noexcept {
  return table[static_cast<std::size_t>(kept) - 1][static_cast<std::size_t>(deviations) - 1];
}

/// The least number of trials whose last success is the kept-th with more than the given probability.
double negative_binomial(double kept, double theta, double probability, bool at_least) noexcept {
  double term = std::pow(theta, kept);
  double sum = term;
  double trials = kept;
  for (int i = 0; i < kTermsMax && (at_least ? sum < probability : sum <= probability); ++i) {
    term = term * (1.0 - theta) * trials / (trials + 1 - kept);
    sum += term;
    trials += 1;
  }
  return trials;
}

double raw_lower_bound(double kept, double theta, int deviations) noexcept {
  if (theta == 1.0) return kept;
  if (kept == 0) return 0;
  if (kept == 1) return std::floor(std::log(1.0 - tail(deviations)) / std::log(1.0 - theta));
  if (kept > kNormalFrom) return normal_bound(kept - 0.5, theta, deviations, -1) - 0.5;
  if (theta > kAlmostAll) return kept;
  if (theta < kept / kPoissonBelow) {
    return normal_bound(kept - 0.5, theta, matching(kLowerDeviations, kept, deviations), -1) - 0.5;
  }
  return negative_binomial(kept, theta, tail(deviations), false) - 1;
}

double raw_upper_bound(double kept, double theta, int deviations) noexcept {
  if (theta == 1.0) return kept;
  if (kept == 0) return std::ceil(std::log(tail(deviations)) / std::log(1.0 - theta));
  if (kept > kNormalFrom) return normal_bound(kept + 0.5, theta, deviations, 1) + 0.5;
  if (theta > kAlmostAll) return kept + 1;
  if (theta < kept / kPoissonBelow) {
    return normal_bound(kept + 0.5, theta, matching(kUpperDeviations, kept, deviations), 1) + 0.5;
  }
  return negative_binomial(kept + 1, theta, 1.0 - tail(deviations), true);
}

}  // namespace

double binomial_lower_bound(std::uint64_t kept, double theta, int deviations) noexcept {
  const auto count = static_cast<double>(kept);
  return std::min(count / theta, std::max(count, raw_lower_bound(count, theta, deviations)));
}

double binomial_upper_bound(std::uint64_t kept, double theta, int deviations) noexcept {
  const auto count = static_cast<double>(kept);
  return std::max(count / theta, raw_upper_bound(count, theta, deviations));
}

}  // namespace sarsen::engine::sketch
