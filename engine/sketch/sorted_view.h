#pragma once
// The values that a quantiles sketch holds, in order, with the number of input values that each and all before it stand
// for: what quantiles, ranks and distributions are read from. Inclusive, as Druid asks: a rank counts the values that
// are at most the one asked for. Not thread-safe.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace sarsen::engine::sketch {

template <class T>
class SortedView {
 public:
  using Weighted = std::vector<std::pair<T, std::uint64_t>>;

  /// Values and weights in any order.
  explicit SortedView(Weighted values) : values_(std::move(values)) {
    std::stable_sort(values_.begin(), values_.end(),
                     [](const auto& left, const auto& right) { return left.first < right.first; });
    for (auto& [value, weight] : values_) weight = n_ += weight;
  }

  std::uint64_t n() const noexcept { return n_; }

  /// The smallest value whose rank is at least `fraction`. REQUIRES: n() > 0, 0 <= fraction <= 1.
  T quantile(double fraction) const noexcept {
    // Rounded, so that 0.1 of 10 values is one value, as in Java.
    constexpr double kDigits = 1e7;
    double wanted = fraction * static_cast<double>(n_);
    if (static_cast<double>(n_) <= kDigits) wanted = std::floor(wanted * kDigits + 0.5) / kDigits;
    const auto rank = static_cast<std::uint64_t>(std::ceil(wanted));
    const auto found = std::lower_bound(values_.begin(), values_.end(), rank,
                                        [](const auto& entry, std::uint64_t least) { return entry.second < least; });
    return found == values_.end() ? values_.back().first : found->first;
  }

  /// The part of all values that are at most `value`. REQUIRES: n() > 0.
  double rank(T value) const noexcept {
    const auto above = std::upper_bound(values_.begin(), values_.end(), value,
                                        [](T limit, const auto& entry) { return limit < entry.first; });
    return above == values_.begin() ? 0 : static_cast<double>(std::prev(above)->second) / static_cast<double>(n_);
  }

  /// The ranks of `splits`, and 1.
  std::vector<double> ranks(const std::vector<T>& splits) const {
    std::vector<double> ranks;
    for (const T split : splits) ranks.push_back(rank(split));
    ranks.push_back(1.0);
    return ranks;
  }

  /// The parts of all values in the pieces between `splits`.
  std::vector<double> masses(const std::vector<T>& splits) const {
    std::vector<double> masses = ranks(splits);
    for (std::size_t i = masses.size(); i-- > 1;) masses[i] -= masses[i - 1];
    return masses;
  }

 private:
  Weighted values_;  // ascending; weights are sums from the first one
  std::uint64_t n_ = 0;
};

}  // namespace sarsen::engine::sketch
