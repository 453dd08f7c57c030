#pragma once
// The lines of a text.

#include <string_view>

namespace sarsen::ingest {

/// Calls take(line) for each, without its end; a line end at the end of the text begins no line.
template <class Take>
void for_each_line(std::string_view text, Take take) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    take(line);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace sarsen::ingest
