#pragma once
// Text as an aggregator reads it: a whole number, else any number cast as Java does ("3.5" is 3 where longs are
// summed).

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "storage/base/java_number.h"

namespace sarsen::engine {

template <class T>
std::optional<T> aggregated_number(std::string_view text) {
  if constexpr (std::is_same_v<T, float>) return try_parse_float(text);
  if constexpr (std::is_same_v<T, std::int64_t>) {
    if (const std::optional<std::int64_t> whole = exact_long(text)) return whole;
  }
  const std::optional<double> number = try_parse_double(text);
  if (!number) return std::nullopt;
  if constexpr (std::is_same_v<T, std::int64_t>) return java_long(*number);
  return static_cast<T>(*number);
}

}  // namespace sarsen::engine
