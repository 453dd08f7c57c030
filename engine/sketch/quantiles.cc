#include "engine/sketch/quantiles.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "engine/sketch/ordered_doubles.h"

namespace sarsen::engine::sketch {
namespace {

/// splitmix64: spreads a counter.
std::uint64_t spread(std::uint64_t number) noexcept {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
  number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
  return number ^ (number >> 31);
}

}  // namespace

bool Quantiles::toss() noexcept { return (spread(++tosses_) & 1) != 0; }

double Quantiles::min() const noexcept { return empty() ? std::numeric_limits<double>::quiet_NaN() : min_; }
double Quantiles::max() const noexcept { return empty() ? std::numeric_limits<double>::quiet_NaN() : max_; }

Quantiles::Values Quantiles::every_second(const Values& values) {
  Values kept;
  kept.reserve(values.size() / 2);
  for (std::size_t i = toss() ? 1 : 0; i < values.size(); i += 2) kept.push_back(values[i]);
  return kept;
}

void Quantiles::update(double value) {
  if (std::isnan(value)) return;
  if (n_ == 0 || value > max_) max_ = value;
  if (n_ == 0 || value < min_) min_ = value;
  ++n_;
  base_.push_back(value);
  if (base_.size() < 2ULL * k_) return;
  sort_doubles(base_);
  Values kept = every_second(base_);
  base_.clear();
  carry(std::move(kept), 0);
}

void Quantiles::carry(Values values, std::size_t level) {
  if (levels_.size() <= level) levels_.resize(level + 1);
  while (!levels_[level].empty()) {
    Values& both = levels_[level];
    both.insert(both.end(), values.begin(), values.end());
    merge_sorted_halves(both);
    values = every_second(both);
    both.clear();
    if (++level == levels_.size()) levels_.emplace_back();
  }
  levels_[level] = std::move(values);
}

void Quantiles::widen(const Quantiles& other) noexcept {
  min_ = n_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = n_ == 0 ? other.max_ : std::max(max_, other.max_);
}

/// REQUIRES: k_ <= other.k_.
void Quantiles::merge_levels(const Quantiles& other) {
  const std::uint64_t total = n_ + other.n_;
  widen(other);
  for (const double value : other.base_) update(value);
  // A level of a larger sketch is thinned to k values; each then weighs more, which is a higher level here.
  const std::size_t stride = other.k_ / k_;
  std::size_t higher = 0;
  while ((std::size_t{1} << higher) < stride) ++higher;
  for (std::size_t level = 0; level < other.levels_.size(); ++level) {
    if (other.levels_[level].empty()) continue;
    Values thinned;
    thinned.reserve(k_);
    for (std::size_t i = stride == 1 ? 0 : spread(++tosses_) % stride; i < other.levels_[level].size(); i += stride)
      thinned.push_back(other.levels_[level][i]);
    carry(std::move(thinned), level + higher);
  }
  n_ = total;
}

void Quantiles::merge(const Quantiles& other) {
  if (other.empty()) return;
  if (other.exact()) {
    for (const double value : other.base_) update(value);
  } else if (k_ <= other.k_) {
    merge_levels(other);
  } else if (empty()) {
    *this = other;
  } else {
    Quantiles smaller(other.k_);
    smaller.merge_levels(*this);
    smaller.merge_levels(other);
    *this = std::move(smaller);
  }
}

std::vector<std::pair<double, std::uint64_t>> Quantiles::weighted() const {
  std::vector<std::pair<double, std::uint64_t>> values;
  for (const double value : base_) values.emplace_back(value, 1);
  for (std::size_t level = 0; level < levels_.size(); ++level)
    for (const double value : levels_[level]) values.emplace_back(value, std::uint64_t{2} << level);
  std::sort(values.begin(), values.end(),
            [](const auto& left, const auto& right) { return is_before(left.first, right.first); });
  return values;
}

double Quantiles::quantile(double fraction) const {
  if (empty()) return std::numeric_limits<double>::quiet_NaN();
  if (fraction <= 0) return min_;
  if (fraction >= 1) return max_;
  const double wanted = std::ceil(fraction * static_cast<double>(n_));
  std::uint64_t below = 0;
  for (const auto& [value, weight] : weighted()) {
    below += weight;
    if (static_cast<double>(below) >= wanted) return value;
  }
  return max_;
}

double Quantiles::rank(double value) const {
  if (empty()) return std::numeric_limits<double>::quiet_NaN();
  std::uint64_t below = 0;
  for (const auto& [held, weight] : weighted())
    if (held <= value) below += weight;
  return static_cast<double>(below) / static_cast<double>(n_);
}

}  // namespace sarsen::engine::sketch
