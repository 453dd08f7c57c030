#include "engine/group/value_numbers.h"

#include <utility>

namespace sarsen::engine {

std::uint32_t ValueNumbers::number_of(Value value) {
  const auto [entry, added] = numbers_.try_emplace(value, static_cast<std::uint32_t>(values_.size()));
  if (added) values_.push_back(std::make_unique<const Value>(std::move(value)));
  return entry->second;
}

const Value& ValueNumbers::value(std::uint32_t number) const {
  std::unique_ptr<const Value>& value = values_[number];
  if (value == nullptr) value = std::make_unique<const Value>(source_(number));
  return *value;
}

void ValueNumbers::adopt(std::uint32_t count, std::function<Value(std::uint32_t)> source) {
  values_.resize(count);
  source_ = std::move(source);
}

void ValueNumbers::index(std::uint32_t adopted) { numbers_.try_emplace(value(adopted), adopted); }

}  // namespace sarsen::engine
