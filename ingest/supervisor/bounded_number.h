#pragma once
// Whole numbers of a supervisor's specification, within bounds. Each throws kInvalidInput that names the field.

#include <cstdint>
#include <string>

#include "storage/base/json.h"

namespace sarsen::ingest {

inline std::int64_t number_in(const JsonField& json, std::int64_t otherwise, std::int64_t least, std::int64_t most) {
  const std::int64_t value = json.integer_or(otherwise);
  if (value < least || value > most)
    json.fail("a number from " + std::to_string(least) + " to " + std::to_string(most) + " is wanted, not " +
              std::to_string(value));
  return value;
}

inline std::uint32_t count_in(const JsonField& json, std::int64_t otherwise, std::int64_t least) {
  return static_cast<std::uint32_t>(number_in(json, otherwise, least, INT32_MAX));
}

}  // namespace sarsen::ingest
