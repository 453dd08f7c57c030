#pragma once
// What a search looks for: Druid's search query specs, of the filter `search`, the query type `search` and the
// extraction function `searchQuery`. Immutable, shared.

#include <memory>
#include <optional>
#include <string_view>

#include "engine/kernels/byte_pairs.h"
#include "storage/base/json.h"

namespace sarsen::engine {

class SearchQuery {
 public:
  virtual ~SearchQuery() = default;
  virtual bool accepts(std::string_view text) const = 0;
  /// Two bytes that every text has which is accepted; nullopt: none are known.
  virtual std::optional<kernels::BytePair> rarest_pair() const { return std::nullopt; }
};

/// From {"type": "insensitive_contains" | "contains" | "fragment" | "regex" | "all", …}. Throws kInvalidInput naming
/// the field.
std::shared_ptr<const SearchQuery> parse_search_query(const JsonField& json);

}  // namespace sarsen::engine
