#include "storage/column/coordinates.h"

#include <algorithm>
#include <cmath>

#include "storage/base/java_number.h"

namespace sarsen::storage {

std::optional<float> parse_coordinate(std::string_view text) {
  const auto blank = [](char byte) { return static_cast<unsigned char>(byte) <= ' '; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return try_parse_float(text);
}

std::optional<std::vector<float>> parse_coordinates(std::string_view text) {
  std::vector<float> coordinates;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::optional<float> number = parse_coordinate(text.substr(begin, end - begin));
    if (!number) return std::nullopt;
    coordinates.push_back(*number);
    begin = end + 1;
  }
  return coordinates;
}

std::optional<std::vector<float>> parse_point(std::string_view text, std::size_t count) {
  auto coordinates = parse_coordinates(text);
  const auto is_nan = [](float coordinate) { return std::isnan(coordinate); };
  if (!coordinates || coordinates->size() != count || std::any_of(coordinates->begin(), coordinates->end(), is_nan))
    return std::nullopt;
  return coordinates;
}

}  // namespace sarsen::storage
