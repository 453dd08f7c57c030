#pragma once
// Sizes as Druid's properties and contexts write them: 1000, 1K (1000), 1Ki and 1KiB (1024), up to P.

#include <cstdint>
#include <optional>
#include <string_view>

namespace sarsen {

/// nullopt: no such size, or one past 2^63 - 1.
std::optional<std::uint64_t> parse_readable_bytes(std::string_view text);

}  // namespace sarsen
