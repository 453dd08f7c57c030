#include "engine/vector/growing_dictionary.h"

#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

/// Strings of one cursor.
constexpr std::size_t kEntriesMax = std::size_t{1} << 26;

}  // namespace

std::uint32_t GrowingDictionary::id_of(const std::optional<std::string>& text) {
  if (!text) return 0;
  const auto found = ids_.find(std::string_view(*text));
  if (found != ids_.end()) return found->second;
  if (entries_.size() == kEntriesMax)
    throw Error(ErrorCategory::kResourceLimit,
                "An expression makes more different strings than the limit: " + std::to_string(kEntriesMax));
  entries_.emplace_back(*text);
  const auto id = static_cast<std::uint32_t>(entries_.size() - 1);
  ids_.emplace(std::string_view(*entries_.back()), id);
  return id;
}

std::optional<std::uint32_t> GrowingDictionary::find(std::optional<std::string_view> value) const {
  if (!value) return 0;
  const auto found = ids_.find(*value);
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

std::uint32_t GrowingDictionary::lower_bound(std::string_view) const {
  throw Error(ErrorCategory::kDefensive, "lower_bound of a dictionary that is not sorted");
}

}  // namespace sarsen::engine
