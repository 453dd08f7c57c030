#pragma once
// What some packed states can do besides: say how groups rank before they are unpacked.

#include <cstdint>
#include <span>

namespace sarsen::engine {

class RankedPackedStates {
 public:
  virtual ~RankedPackedStates() = default;
  /// Of group begin + i: RankedStates::rank of what PackedStates::unpack() makes, or NaN.
  virtual void ranks(std::uint32_t begin, std::span<double> ranks) const noexcept = 0;
};

}  // namespace sarsen::engine
