#include "engine/group/value_numbers.h"

namespace sarsen::engine {

std::uint32_t ValueNumbers::number_of(Value value) {
  const auto [entry, added] = numbers_.try_emplace(value, static_cast<std::uint32_t>(values_.size()));
  if (added) values_.push_back(std::make_unique<const Value>(std::move(value)));
  return entry->second;
}

}  // namespace sarsen::engine
