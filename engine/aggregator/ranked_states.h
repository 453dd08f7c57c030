#pragma once
// What some factories can do besides (AggregatorSet::rank): for those who look for the best of many groups.

#include <cstddef>

namespace sarsen::engine {

class RankedStates {
 public:
  virtual ~RankedStates() = default;
  /// A number that never descends as AggregatorFactory::compare() ascends over finalised values. NaN: this state must
  /// be compared in full.
  virtual double rank(const std::byte* state) const noexcept = 0;
};

}  // namespace sarsen::engine
