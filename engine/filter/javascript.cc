// javascript: refused, as Druid refuses it unless it is told otherwise. Nothing here runs a stranger's program.

#include "engine/filter/filter.h"

namespace sarsen::engine {
namespace {

FilterPtr parse_javascript(const JsonField& json) { json["type"].fail("JavaScript is disabled"); }

}  // namespace

void register_javascript(FilterRegistry& registry) {
  registry.add({.type = "javascript", .parse = parse_javascript, .doc = "Disabled."});
}

}  // namespace sarsen::engine
