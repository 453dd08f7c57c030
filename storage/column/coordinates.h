#pragma once
// The text of a column of coordinates: "37.7,-122.4". Thread-safe: no state.

#include <optional>
#include <string_view>
#include <vector>

namespace sarsen::storage {

/// Java's Float.parseFloat, which blanks around the number do not bother; nullopt where that throws.
std::optional<float> parse_coordinate(std::string_view text);

/// Coordinates with commas between them; nullopt where a part is none.
std::optional<std::vector<float>> parse_coordinates(std::string_view text);

/// As many as `count`, and none of them NaN, which lies nowhere.
std::optional<std::vector<float>> parse_point(std::string_view text, std::size_t count);

}  // namespace sarsen::storage
