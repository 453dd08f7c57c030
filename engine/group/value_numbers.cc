#include "engine/group/value_numbers.h"

#include <utility>

namespace sarsen::engine {
namespace {

/// What an entry costs beside its text, which is of two bytes a character.
constexpr std::uint64_t kEntryBytes = 44;

std::uint64_t entry_bytes(const Value& value) noexcept {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? 0 : kEntryBytes + 2 * text->size();
}

}  // namespace

std::uint32_t ValueNumbers::number_of(Value value) {
  if (const auto found = numbers_.find(&value); found != numbers_.end()) return found->second;
  dictionary_bytes_ += entry_bytes(value);
  const std::uint32_t number = append(std::move(value));
  numbers_.emplace(values_.back().get(), number);
  return number;
}

std::uint32_t ValueNumbers::append(Value value) {
  values_.push_back(std::make_unique<const Value>(std::move(value)));
  return static_cast<std::uint32_t>(values_.size() - 1);
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

void ValueNumbers::index(std::uint32_t adopted) { numbers_.try_emplace(&value(adopted), adopted); }

}  // namespace sarsen::engine
