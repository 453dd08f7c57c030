#pragma once
// Texts of a sorted dictionary lie where they came, so that each one read is a wait for memory; asked for some time
// before they are read, many are waited for at once. Thread-safe: no state.

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace sarsen {

/// Visits `texts` in order by visit(position).
template <class Visit>
void each_text(std::span<const std::optional<std::string_view>> texts, Visit&& visit) {
  constexpr std::size_t kAhead = 24;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i + kAhead < texts.size() && texts[i + kAhead]) __builtin_prefetch(texts[i + kAhead]->data());
    visit(i);
  }
}

}  // namespace sarsen
