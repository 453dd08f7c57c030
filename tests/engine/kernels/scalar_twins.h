#pragma once
// Each kernel as one would write it first: what the fast forms must give, to the bit.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "engine/kernels/sum.kernel.h"

namespace sarsen::engine::kernels::twin {

/// Adds values, each in the lane it is given.
template <class Value>
struct LaneSum {
  static constexpr std::size_t kLanes = 8;
  Total<Value> lanes[kLanes] = {};

  void add(std::size_t lane, Value value) { lanes[lane % kLanes] += static_cast<Total<Value>>(value); }
  Total<Value> total() const {
    Total<Value> result = 0;
    for (const Total<Value> lane : lanes) result += lane;
    return result != result ? std::numeric_limits<Total<Value>>::quiet_NaN() : result;
  }
};

template <class Value>
Total<Value> sum(const Value* values, std::size_t count) {
  LaneSum<Value> sum;
  for (std::size_t i = 0; i < count; ++i) sum.add(i, values[i]);
  return sum.total();
}

template <class Value>
Total<Value> sum_masked(const Value* values, const std::uint64_t* mask, std::size_t count) {
  LaneSum<Value> sum;
  for (std::size_t i = 0; i < count; ++i)
    if ((mask[i / 64] >> i % 64 & 1) != 0) sum.add(i, values[i]);
  return sum.total();
}

template <class Value>
Total<Value> sum_at(const Value* values, const std::uint32_t* positions, std::size_t count) {
  LaneSum<Value> sum;
  for (std::size_t i = 0; i < count; ++i) sum.add(i, values[positions[i]]);
  return sum.total();
}

/// Java's Double.compare, or the order of integers.
template <class Value>
int compare(Value left, Value right) {
  if (left < right) return -1;
  if (left > right) return 1;
  if constexpr (std::is_floating_point_v<Value>) {
    if (std::isnan(left) || std::isnan(right)) return int{std::isnan(left)} - int{std::isnan(right)};
    return int{std::signbit(right)} - int{std::signbit(left)};
  }
  return 0;
}

/// Math.min, or Math.max, over the rows that `taken` says; `none` if there is none.
template <class Value, class Taken>
Value extreme(const Value* values, std::size_t count, bool greatest, Value none, Taken taken) {
  Value result = none;
  for (std::size_t i = 0; i < count; ++i) {
    if (!taken(i)) continue;
    if (values[i] != values[i]) return std::numeric_limits<Value>::quiet_NaN();
    if ((compare(values[i], result) > 0) == greatest) result = values[i];
  }
  return result;
}

template <class Value>
std::vector<std::uint64_t> in_range(const Value* values, std::size_t count, Value low, Value high) {
  std::vector<std::uint64_t> mask((count + 63) / 64);
  for (std::size_t i = 0; i < count; ++i)
    if (compare(low, values[i]) <= 0 && compare(values[i], high) <= 0) mask[i / 64] |= std::uint64_t{1} << i % 64;
  return mask;
}

inline std::vector<std::uint64_t> in_set(const std::uint32_t* ids, std::size_t count, const std::uint64_t* set) {
  std::vector<std::uint64_t> mask((count + 63) / 64);
  for (std::size_t i = 0; i < count; ++i)
    if ((set[ids[i] / 64] >> ids[i] % 64 & 1) != 0) mask[i / 64] |= std::uint64_t{1} << i % 64;
  return mask;
}

inline std::vector<std::uint32_t> positions(const std::uint64_t* mask, std::size_t count) {
  std::vector<std::uint32_t> result;
  for (std::size_t i = 0; i < count; ++i)
    if ((mask[i / 64] >> i % 64 & 1) != 0) result.push_back(static_cast<std::uint32_t>(i));
  return result;
}

inline std::vector<std::uint32_t> widen_ids(const std::byte* packed, std::uint32_t width, std::size_t count) {
  std::vector<std::uint32_t> ids(count);
  for (std::size_t i = 0; i < count * width; ++i)
    ids[i / width] |= std::to_integer<std::uint32_t>(packed[i]) << 8 * (i % width);
  return ids;
}

}  // namespace sarsen::engine::kernels::twin
