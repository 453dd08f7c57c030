#pragma once
// What a search looks for: Druid's search query specs, of the filter `search`, the query type `search` and the
// extraction function `searchQuery`. Immutable, shared.

#include <memory>
#include <string_view>

#include "storage/base/json.h"

namespace sarsen::engine {

class SearchQuery {
 public:
  virtual ~SearchQuery() = default;
  virtual bool accepts(std::string_view text) const = 0;
};

/// From {"type": "insensitive_contains" | "contains" | "fragment" | "regex" | "all", …}. Throws kInvalidInput naming
/// the field.
std::shared_ptr<const SearchQuery> parse_search_query(const JsonField& json);

}  // namespace sarsen::engine
