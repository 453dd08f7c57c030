#pragma once
// Ids of a dimension of longs to numbers of ValueNumbers, without making values of them.

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/group/dimension.h"
#include "engine/group/value_numbers.h"

namespace sarsen::engine {

/// DimensionReader::number() of `dimension`, whose id 0 is null, and the others long_of(id), which it shows as
/// `output_type`.
template <class LongOf>
void number_longs(const DimensionReader& dimension, storage::ValueType output_type, std::span<const std::uint32_t> ids,
                  ValueNumbers& numbers, std::uint32_t* out, LongOf long_of) {
  if (output_type != storage::ValueType::kLong || std::ranges::find(ids, 0U) != ids.end())
    return dimension.DimensionReader::number(ids, numbers, out);
  std::vector<std::int64_t> longs;
  longs.reserve(ids.size());
  for (const std::uint32_t id : ids) longs.push_back(long_of(id));
  numbers.numbers_of(longs, out);
}

}  // namespace sarsen::engine
