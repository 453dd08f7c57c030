// lookup: by a map that the query brings along.

#include "engine/lookup/lookup.h"

#include "engine/extraction/map_values.h"

namespace sarsen::engine {
namespace {

ExtractionPtr parse_lookup_function(const JsonField& json) {
  return make_map_values(parse_lookup(json["lookup"]), json);
}

}  // namespace

void register_lookup(ExtractionRegistry& registry) {
  registry.add({.type = "lookup", .parse = parse_lookup_function, .doc = "What the map `lookup` has for the value."});
}

}  // namespace sarsen::engine
