#pragma once
// How parameters of requests are written.

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "storage/base/interval.h"

namespace sarsen::server {

/// nullopt where the text as a whole is no such number.
template <class Number>
std::optional<Number> parse_number(std::string_view text) noexcept {
  Number number{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// "2024-01-01_2024-02-01", as it can stand in a path, or with a slash. Throws kInvalidInput.
Interval parse_path_interval(std::string text);

}  // namespace sarsen::server
