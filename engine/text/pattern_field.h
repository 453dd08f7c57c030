#pragma once
// A regular expression in a field of a JSON document.

#include "engine/text/java_pattern.h"
#include "storage/base/error.h"
#include "storage/base/json.h"

namespace sarsen::engine {

/// Throws what JavaPattern throws, naming the field.
inline JavaPattern parse_pattern(const JsonField& json) {
  const std::string pattern = json.string();
  try {
    return JavaPattern(pattern);
  } catch (const Error& error) {
    if (error.category() == ErrorCategory::kInvalidInput) json.fail(error.what());
    throw Error(error.category(), json.path() + ": " + error.what());
  }
}

}  // namespace sarsen::engine
