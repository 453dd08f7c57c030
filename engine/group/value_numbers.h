#pragma once
// Values to numbers, and back. Numbers can be adopted whole, such as the ids of a dictionary: their values are then
// made only when somebody asks for them. Not thread-safe.

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "engine/result/value.h"

namespace sarsen::engine {

/// Values to numbers: 0, 1, 2, … in the order in which they come.
class ValueNumbers {
 public:
  std::uint32_t number_of(Value value);
  /// A new number, whether or not the value has one already: for those who look nothing up.
  std::uint32_t append(Value value);
  const Value& value(std::uint32_t number) const;
  /// The same; one that was adopted and never asked for is not kept.
  Value made(std::uint32_t number) const { return values_[number] != nullptr ? *values_[number] : source_(number); }

  /// Takes the numbers below `count`, which stand for different values, those of `source`. REQUIRES: no number is
  /// given.
  void adopt(std::uint32_t count, std::function<Value(std::uint32_t)> source);
  /// Lets number_of() find an adopted number. Before a call for it, an equal value would get another number.
  void index(std::uint32_t adopted);

  /// What Druid takes the dictionary of the texts for that got numbers by number_of().
  std::uint64_t dictionary_bytes() const noexcept { return dictionary_bytes_; }

 private:
  struct Hash {
    std::size_t operator()(const Value* value) const noexcept { return hash_value(*value); }
  };
  struct Equal {
    bool operator()(const Value* left, const Value* right) const noexcept { return equal_values(*left, *right); }
  };
  boost::unordered_flat_map<const Value*, std::uint32_t, Hash, Equal> numbers_;
  mutable std::vector<std::unique_ptr<const Value>> values_;  // empty: adopted, and not asked for yet
  std::function<Value(std::uint32_t)> source_;
  std::uint64_t dictionary_bytes_ = 0;
};

}  // namespace sarsen::engine
