// javascript: refused, as by stock Druid where nobody switched it on.

#include "engine/post_aggregator/post_aggregator.h"

namespace sarsen::engine {
namespace {

PostAggregatorPtr refuse_javascript(const JsonField& json, const NameScope&, std::string) {
  json["type"].fail("JavaScript is disabled");
}

}  // namespace

void register_javascript_post_aggregator(PostAggregatorRegistry& registry) {
  registry.add({.type = "javascript", .parse = refuse_javascript, .doc = "Refused: JavaScript is disabled."});
}

}  // namespace sarsen::engine
