// registeredLookup: by a lookup that is known by name.

#include "engine/extraction/map_values.h"
#include "engine/lookup/lookup_registry.h"

namespace sarsen::engine {
namespace {

ExtractionPtr parse_registered_lookup_function(const JsonField& json) {
  return make_map_values(registered_lookup(json["lookup"].string()), json);
}

}  // namespace

void register_registered_lookup(ExtractionRegistry& registry) {
  registry.add({.type = "registeredLookup",
                .parse = parse_registered_lookup_function,
                .doc = "What the lookup named `lookup` has for the value."});
}

}  // namespace sarsen::engine
