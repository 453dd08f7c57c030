#pragma once
// What `lookup`, `registeredLookup` and the dimension spec `lookup` share: a value becomes what the lookup has for it;
// where it has nothing, and for null, the value itself or a replacement.

#include "engine/extraction/extraction_function.h"
#include "engine/lookup/lookup.h"

namespace sarsen::engine {

/// Reads `retainMissingValue`, `replaceMissingValueWith` and `injective` of `json`; `optimize` is accepted, for answers
/// do not depend on it.
ExtractionPtr make_map_values(LookupPtr lookup, const JsonField& json);

}  // namespace sarsen::engine
