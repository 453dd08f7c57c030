#pragma once
// Ranges of numbers with both ends inside, in the order of Double.compare: how bound and range ask columns of numbers.

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace sarsen::engine {

/// Both ends inclusive, in the order of the type; empty: nothing matches.
template <class T>
struct NumericBounds {
  T low;
  T high;
  bool empty = false;
};

/// Numbers in the order of Double.compare as integers, so that the next one is one more.
template <class T>
auto ordered_bits(T value) noexcept {
  using Bits = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;
  const auto bits = std::bit_cast<Bits>(value != value ? std::numeric_limits<T>::quiet_NaN() : value);
  return bits >= 0 ? bits : static_cast<Bits>(std::numeric_limits<Bits>::min() - bits - 1);
}
template <class T, class Bits>
T from_ordered_bits(Bits bits) noexcept {
  return std::bit_cast<T>(bits >= 0 ? bits : static_cast<Bits>(std::numeric_limits<Bits>::min() - bits - 1));
}

template <class T>
T lowest() noexcept {
  if constexpr (std::is_same_v<T, std::int64_t>) return std::numeric_limits<T>::min();
  return static_cast<T>(-std::numeric_limits<double>::infinity());
}
template <class T>
T highest() noexcept {
  if constexpr (std::is_same_v<T, std::int64_t>) return std::numeric_limits<T>::max();
  return std::numeric_limits<T>::quiet_NaN();  // greater than everything
}

}  // namespace sarsen::engine
