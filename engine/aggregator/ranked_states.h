#pragma once
// What some factories can do besides (AggregatorSet::rank): for those who look for the best of many groups.

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sarsen::engine {

class RankedStates {
 public:
  virtual ~RankedStates() = default;
  /// A number that never descends as AggregatorFactory::compare() ascends over finalised values. NaN: this state must
  /// be compared in full.
  virtual double rank(const std::byte* state) const noexcept = 0;
  /// The same of many: ranks[i] is that of the state at states + groups[i] * stride.
  virtual void ranks(const std::byte* states, std::size_t stride, std::span<const std::uint32_t> groups,
                     double* ranks) const noexcept = 0;
};

/// True: states of these ranks are finalised to the same. All are numbers, and up to here doubles tell all of them
/// apart.
inline bool are_same_rank(double left, double right) noexcept {
  constexpr double kExactMax = 9007199254740992.0;
  return std::bit_cast<std::uint64_t>(left) == std::bit_cast<std::uint64_t>(right) && std::abs(left) < kExactMax;
}

}  // namespace sarsen::engine
