#include "engine/aggregator/aggregator.h"

#include <cstring>
#include <type_traits>

#include "engine/exec/poll.h"
#include "engine/result/value_order.h"
#include "storage/base/check.h"

namespace sarsen::engine {

void Aggregator::fold_masked(std::byte* states, std::size_t stride, const MaskedGroups& groups, std::uint32_t begin) {
  for (std::uint32_t i = 0; i < groups.count; ++i) fold(states + groups.groups[i] * stride, begin, groups.selection(i));
}

void AggregatorFactory::merge_groups(std::byte* into, const std::uint32_t* groups, const std::byte* from,
                                     std::size_t stride, std::uint32_t count) const {
  for (std::uint32_t i = 0; i < count; ++i) {
    poll();
    merge(into + groups[i] * stride, from + i * stride);
  }
}

void AggregatorFactory::save(const std::byte* state, ByteWriter& out) const {
  DCHECK(trivially_destroyed());
  out.write(std::span(state, state_size()));
}

void AggregatorFactory::load(std::byte* state, ByteReader& in) const {
  DCHECK(trivially_destroyed());
  const std::span<const std::byte> bytes = in.bytes(state_size());
  std::memcpy(state, bytes.data(), bytes.size());
}

int AggregatorFactory::compare(const Value& left, const Value& right) const { return compare_values(left, right); }

}  // namespace sarsen::engine
