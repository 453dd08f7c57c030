#include "storage/column/place.h"

#include <string_view>

namespace sarsen::storage {

std::string Place::text() const {
  std::string text = file;
  if (!column.empty()) text += (text.empty() ? "column " : ", column ") + column;
  if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
  return text;
}

void throw_at(const Place& place, const Error& error) {
  // An inner place has said it already, and more exactly.
  if (!place.file.empty() && std::string_view(error.what()).starts_with(place.file)) throw error;
  const bool input = error.category() == ErrorCategory::kInvalidInput;
  throw Error(input ? ErrorCategory::kRuntimeFailure : error.category(), place.text() + ": " + error.what());
}

}  // namespace sarsen::storage
