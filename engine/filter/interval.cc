// interval: the column is a time, in milliseconds, within one of some intervals: an `or` of bounds.

#include "engine/filter/bound.h"
#include "engine/filter/logical.h"
#include "storage/base/interval_field.h"

namespace sarsen::engine {
namespace {

FilterPtr parse_interval_filter(const JsonField& json) {
  const std::string dimension = json["dimension"].string();
  const ExtractionPtr function = parse_optional_extraction(json["extractionFn"]);
  const JsonField list = json["intervals"];
  std::vector<FilterPtr> bounds;
  for (const JsonField& element : list.elements())
    bounds.push_back(make_millis_bound(dimension, parse_interval(element), function));
  if (bounds.empty()) list.fail("needs at least one interval");
  return make_or(std::move(bounds));
}

}  // namespace

void register_interval(FilterRegistry& registry) {
  registry.add({.type = "interval", .parse = parse_interval_filter, .doc = "`dimension` is within `intervals`."});
}

}  // namespace sarsen::engine
