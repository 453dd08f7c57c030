#include "ingest/row/metric_spec.h"

#include <algorithm>
#include <array>
#include <string>

namespace sarsen::ingest {
namespace {

/// Aggregators that Druid knows in queries only: their results have no form in a segment.
void refuse_query_only(const JsonField& type) {
  static constexpr std::array kQueryOnly = {"doubleMean", "grouping",  "longAny",    "doubleAny",
                                            "floatAny",   "stringAny", "javascript", "singleValue"};
  const std::string name = type.string_or("");
  if (std::find(kQueryOnly.begin(), kQueryOnly.end(), name) != kQueryOnly.end())
    type.fail("the aggregator \"" + name + "\" is for queries only");
}

/// What the wrappers `filtered` hold in the end.
JsonField innermost(const JsonField& aggregator) {
  JsonField inner = aggregator;
  while (inner["type"].string_or("") == "filtered" && inner["aggregator"].present()) inner = inner["aggregator"];
  return inner;
}

}  // namespace

std::shared_ptr<const engine::AggregatorFactory> parse_metric(const JsonField& json) {
  refuse_query_only(innermost(json)["type"]);
  return engine::parse_aggregator(json);
}

}  // namespace sarsen::ingest
