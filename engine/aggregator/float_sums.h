#pragma once
// Sums in the precision of floats, which show in which order rows were added. They are Druid's to the last digit:
// within a segment row by row; or where the rows are of one group and none is null, each 512 rows first and these sums
// then, as its vectors are.

#include <bit>
#include <cstdint>

#include "engine/aggregator/aggregator_set.h"

namespace sarsen::engine {

/// So many rows make a vector in Druid.
inline constexpr std::uint32_t kFloatSumRows = 512;

/// Whether there are some: then the rows of a segment must be folded by one cursor, in their order.
inline bool sums_floats(const AggregatorSet& aggregators) {
  for (std::size_t i = 0; i < aggregators.size(); ++i)
    if (const AggregatorFactory& factory = aggregators.factory(i);
        factory.intermediate_kind().type == storage::ValueType::kFloat && factory.depends_on_order())
      return true;
  return false;
}

/// Calls add(sum) for each kFloatSumRows of the values, in their order. The sums of some are made side by side: each
/// waits for its own last addition only.
template <class Add>
void each_float_sum(const float* values, std::uint32_t size, Add add) {
  constexpr std::uint32_t kTogether = 4;
  for (; size >= kTogether * kFloatSumRows; size -= kTogether * kFloatSumRows, values += kTogether * kFloatSumRows) {
    float sums[kTogether] = {};
    for (std::uint32_t row = 0; row < kFloatSumRows; ++row)
      for (std::uint32_t i = 0; i < kTogether; ++i) sums[i] += values[i * kFloatSumRows + row];
    for (const float sum : sums) add(sum);
  }
  while (size > 0) {
    const std::uint32_t rows = size < kFloatSumRows ? size : kFloatSumRows;
    float sum = 0;
    for (std::uint32_t row = 0; row < rows; ++row) sum += values[row];
    add(sum);
    values += rows;
    size -= rows;
  }
}

/// The same of the rows that are set in the mask, for each kFloatSumRows with some.
template <class Add>
void each_float_sum(const float* values, const std::uint64_t* mask, std::uint32_t size, Add add) {
  constexpr std::uint32_t kBits = 64;
  for (std::uint32_t begin = 0; begin < size; begin += kFloatSumRows) {
    float sum = 0;
    bool some = false;
    for (std::uint32_t row = begin; row < size && row < begin + kFloatSumRows; row += kBits)
      for (std::uint64_t bits = mask[row / kBits]; bits != 0; bits &= bits - 1) {
        sum += values[row + static_cast<std::uint32_t>(std::countr_zero(bits))];
        some = true;
      }
    if (some) add(sum);
  }
}

}  // namespace sarsen::engine
