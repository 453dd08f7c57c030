// javascript: refused, as Druid refuses it unless it is told otherwise. Nothing here runs a stranger's program.

#include "engine/extraction/extraction_function.h"

namespace sarsen::engine {
namespace {

ExtractionPtr parse_javascript(const JsonField& json) { json["type"].fail("JavaScript is disabled"); }

}  // namespace

void register_javascript(ExtractionRegistry& registry) {
  registry.add({.type = "javascript", .parse = parse_javascript, .doc = "Disabled."});
}

}  // namespace sarsen::engine
