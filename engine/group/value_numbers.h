#pragma once
// Values to numbers, and back. Not thread-safe.

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/result/value.h"

namespace sarsen::engine {

/// Values to numbers: 0, 1, 2, … in the order in which they come.
class ValueNumbers {
 public:
  std::uint32_t number_of(Value value);
  const Value& value(std::uint32_t number) const noexcept { return *values_[number]; }

 private:
  struct Hash {
    std::size_t operator()(const Value& value) const noexcept { return hash_value(value); }
  };
  struct Equal {
    bool operator()(const Value& left, const Value& right) const noexcept { return equal_values(left, right); }
  };
  boost::unordered_flat_map<Value, std::uint32_t, Hash, Equal> numbers_;
  std::vector<std::unique_ptr<const Value>> values_;
};

}  // namespace sarsen::engine
