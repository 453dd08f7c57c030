#pragma once
// What an answer depends on, as a text: the query without what cannot change its answer, and the segments that it
// reads, by id and version. Equal keys, equal answers. Pure.

#include <optional>
#include <string>

#include "engine/query/query.h"
#include "storage/base/json.h"
#include "storage/segment/catalog.h"

namespace sarsen::engine {

/// nullopt where the answer may change while the key stays: realtime segments are read, or lookups, which change
/// whenever somebody posts new ones. `body`: what `query` was parsed from.
std::optional<std::string> answer_key(const Query& query, const Json& body,
                                      const storage::Catalog::Timelines& timelines);

/// The same document with all keys sorted: their order says nothing.
Json canonical(const Json& json);

/// An opaque tag of 32 hexadecimal digits.
std::string entity_tag(const std::string& answer_key);

}  // namespace sarsen::engine
