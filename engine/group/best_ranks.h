#pragma once
// The greatest of many numbers: which one is the last for whom there is room. Not thread-safe.

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <vector>

namespace sarsen::engine {

class BestRanks {
 public:
  /// REQUIRES: room > 0.
  explicit BestRanks(std::size_t room) : room_(room) {}

  /// NaN takes no room.
  void add(double rank) {
    if (!(rank > worst_)) return;
    best_.push_back(rank);
    if (best_.size() / 2 >= room_) cut();
  }

  /// False: so many greater ones were added that there is no room for it. True of NaN.
  bool may_matter(double rank) const noexcept { return !(rank < worst_); }

  /// No more than `room` numbers are greater, and as many are this or greater. Minus infinity: there is room for all.
  double worst() {
    if (best_.size() >= room_) cut();
    return worst_;
  }

 private:
  void cut() {
    const auto last = best_.begin() + static_cast<std::ptrdiff_t>(room_ - 1);
    std::nth_element(best_.begin(), last, best_.end(), std::greater<>());
    worst_ = *last;
    best_.resize(room_);
  }

  std::size_t room_;
  double worst_ = -std::numeric_limits<double>::infinity();
  std::vector<double> best_;  // up to twice as many as there is room for
};

}  // namespace sarsen::engine
