// javascript: refused, as by stock Druid where nobody switched it on.

#include "engine/aggregator/aggregator.h"

namespace sarsen::engine {
namespace {

std::shared_ptr<const AggregatorFactory> refuse_javascript(const JsonField& json) {
  json["type"].fail("JavaScript is disabled");
}

}  // namespace

void register_javascript(AggregatorRegistry& registry) {
  registry.add({.type = "javascript", .parse = refuse_javascript, .doc = "Refused: JavaScript is disabled."});
}

}  // namespace sarsen::engine
