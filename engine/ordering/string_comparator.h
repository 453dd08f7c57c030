#pragma once
// Druid's orders of strings: "lexicographic", "alphanumeric", "numeric", "strlen", "version", "natural". All put null
// first. Immutable, shared.

#include <memory>
#include <optional>
#include <string_view>

#include "storage/base/json.h"

namespace sarsen::engine {

class StringComparator {
 public:
  virtual ~StringComparator() = default;
  /// Negative, 0 or positive.
  virtual int compare(std::optional<std::string_view> left, std::optional<std::string_view> right) const = 0;
  virtual std::string_view name() const noexcept = 0;
};

/// By name; nullptr where there is none of that name.
std::shared_ptr<const StringComparator> find_string_comparator(std::string_view name);

/// From a name or {"type": name}, in any case; that of `otherwise` when absent. Throws kInvalidInput with a suggestion.
std::shared_ptr<const StringComparator> parse_string_comparator(const JsonField& json, std::string_view otherwise);

}  // namespace sarsen::engine
