#include "engine/sketch/hll_estimate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <mutex>
#include <numbers>

#include "engine/sketch/hll.h"

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

/// The mean of the harmonic estimate of sketches that saw a given number of distinct values: what its bias is read
/// from. Computed from the distribution of the registers: the mean and variance of the sum of 2^-register are exact,
/// those of its reciprocal are a series around them.
class BiasTable {
 public:
  static constexpr std::size_t kKnots = 257;

  explicit BiasTable(int lg_k);

  const double* means() const noexcept { return means_.data(); }
  const double* values() const noexcept { return values_.data(); }

 private:
  double mean_estimate(double values) const noexcept;

  double registers_;
  double factor_;
  std::array<double, kKnots> means_;   // ascending
  std::array<double, kKnots> values_;  // distinct values seen, evenly spaced up to 10 per register
};

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

BiasTable::BiasTable(int lg_k) : registers_(static_cast<double>(1 << lg_k)), factor_(harmonic_factor(lg_k)) {
  constexpr std::array kSmallSteps = {1.0, 2.0, 3.0};
  const double step = lg_k < 7 ? kSmallSteps[static_cast<std::size_t>(lg_k - 4)] : registers_ * 5 / 128;
  for (std::size_t i = 0; i < kKnots; ++i) {
    values_[i] = step * static_cast<double>(i);
    means_[i] = mean_estimate(values_[i]);
  }
}

double BiasTable::mean_estimate(double values) const noexcept {
  constexpr int kValues = 60;
  constexpr int kPairs = 40;  // pairs of registers whose values add up to more do not count
  // log of P(register <= v) = (1 - 2^-v / k)^values
  std::array<double, kValues> log_below;
  double first = 0;  // moments of 2^-register
  double second = 0;
  double third = 0;
  double before = 0;
  for (int v = 0; v < kValues; ++v) {
    const double share = std::ldexp(1.0 / registers_, -v);
    log_below[static_cast<std::size_t>(v)] = values * std::log1p(-share);
    const double below = std::exp(log_below[static_cast<std::size_t>(v)]);
    const double at = below - before;
    before = below;
    first += std::ldexp(at, -v);
    second += std::ldexp(at, -2 * v);
    third += std::ldexp(at, -3 * v);
  }
  double covariance = 0;
  for (int a = 0; a < kPairs; ++a) {
    for (int b = 0; a + b < kPairs; ++b) {
      const double apart = log_below[static_cast<std::size_t>(a)] + log_below[static_cast<std::size_t>(b)];
      const double share = (std::ldexp(1.0, -a) + std::ldexp(1.0, -b)) / registers_;
      covariance += std::ldexp(std::exp(apart) * std::expm1(values * std::log1p(-share) - apart), -(a + b + 2));
    }
  }
  const double mean = registers_ * first;
  const double variance = registers_ * (second - first * first) + registers_ * (registers_ - 1) * covariance;
  const double skew = registers_ * (third - 3 * second * first + 2 * first * first * first);
  const double spread = variance / (mean * mean);
  return factor_ * registers_ * registers_ / mean * (1 + spread - skew / (mean * mean * mean) + 3 * spread * spread);
}

const BiasTable& bias_table(int lg_k) {
  constexpr std::size_t kTables = Hll::kLgKMax - Hll::kLgKMin + 1;
  static std::array<std::once_flag, kTables> made;
  static std::array<std::unique_ptr<const BiasTable>, kTables> tables;
  const auto index = static_cast<std::size_t>(lg_k - Hll::kLgKMin);
  std::call_once(made[index], [&] { tables[index] = std::make_unique<const BiasTable>(lg_k); });
  return *tables[index];
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
  const BiasTable& table = bias_table(lg_k);
  constexpr std::size_t kLast = BiasTable::kKnots - 1;
  const double* means = table.means();
  const double* values = table.values();
  if (harmonic < means[0]) return 0;
  if (harmonic > means[kLast]) return harmonic * (values[kLast] / means[kLast]);
  const double adjusted = interpolate(means, values, BiasTable::kKnots, harmonic);
  if (adjusted > 3 * registers) return adjusted;
  const double linear = linear_count(lg_k, zeros);
  const double crossing = lg_k == 4 ? 0.718 : lg_k == 5 ? 0.672 : 0.64;
  return (adjusted + linear) / 2.0 > crossing * registers ? adjusted : linear;
}

}  // namespace sarsen::engine::sketch
