#include "engine/post_aggregator/student_t.h"

#include <cmath>
#include <limits>

namespace sarsen::engine {
namespace {

/// The continued fraction of the incomplete beta function, evaluated from the front (Lentz). REQUIRES: x < (a + 1) / (a
/// + b + 2), where it converges fast.
double beta_fraction(double x, double a, double b) noexcept {
  constexpr int kTermsMax = 10'000;
  constexpr double kTiny = 1e-300;
  const auto away_from_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m < kTermsMax; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    fraction *= c * d;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    fraction *= c * d;
    if (std::abs(c * d - 1) < std::numeric_limits<double>::epsilon()) break;
  }
  return fraction;
}

/// log of gamma(a + 1/2) / gamma(a), also where both are too large for their difference to mean anything.
double log_gamma_step(double a) noexcept {
  constexpr double kSeriesFrom = 1000;
  if (a < kSeriesFrom) return std::lgamma(a + 0.5) - std::lgamma(a);
  return 0.5 * std::log(a) - 1 / (8 * a) + 1 / (192 * a * a * a);
}

/// The incomplete beta function of a and 1/2 at x, where `rest` is 1 - x.
double beta_at(double x, double rest, double a) noexcept {
  const double logarithm = log_gamma_step(a) - std::lgamma(0.5);
  const double edge = std::exp(logarithm + a * std::log1p(-rest) + 0.5 * std::log(rest));
  if (x < (a + 1) / (a + 2.5)) return edge * beta_fraction(x, a, 0.5) / a;
  return 1 - edge * beta_fraction(rest, 0.5, a) / 0.5;
}

}  // namespace

double student_t_two_sided(double t, double freedom) noexcept {
  if (t != t || freedom != freedom) return std::numeric_limits<double>::quiet_NaN();
  if (t == 0) return 1;
  return beta_at(freedom / (freedom + t * t), t * t / (freedom + t * t), freedom / 2);
}

}  // namespace sarsen::engine
