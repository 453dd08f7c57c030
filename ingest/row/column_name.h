#pragma once
// Names that columns may have: Druid joins them with commas, and a segment's files have names of their own.

#include <string_view>

namespace sarsen::ingest {

/// What is wrong with the name of a dimension or metric; nullptr where nothing is.
inline const char* column_name_problem(std::string_view name) noexcept {
  if (name.empty()) return "a column needs a name";
  if (name == "__time") return "__time is the time column";
  if (name == "index.drd" || name == "metadata.drd") return "a part of the segment has this name";
  if (name.find_first_of(",\r\n") != std::string_view::npos) return "a name must have no comma and no line break";
  return nullptr;
}

}  // namespace sarsen::ingest
