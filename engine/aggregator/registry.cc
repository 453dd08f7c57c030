// The list of all aggregators, in one screen. Nothing registers itself: static constructors run in no order and vanish
// from static libraries.

#include <algorithm>
#include <array>

#include "engine/aggregator/aggregator.h"
#include "storage/base/check.h"

namespace sarsen::engine {

void register_count(AggregatorRegistry& registry);
void register_sums(AggregatorRegistry& registry);
void register_extremes(AggregatorRegistry& registry);
void register_filtered(AggregatorRegistry& registry);
void register_hyper_unique(AggregatorRegistry& registry);
void register_theta_sketch(AggregatorRegistry& registry);
void register_hll_sketch(AggregatorRegistry& registry);
void register_quantiles_doubles_sketch(AggregatorRegistry& registry);
void register_expression_aggregator(AggregatorRegistry& registry);
void register_double_mean(AggregatorRegistry& registry);
void register_first_last(AggregatorRegistry& registry);
void register_string_first_last(AggregatorRegistry& registry);
void register_any(AggregatorRegistry& registry);
void register_cardinality(AggregatorRegistry& registry);
void register_grouping(AggregatorRegistry& registry);
void register_approximate_histogram(AggregatorRegistry& registry);
void register_fixed_buckets_histogram(AggregatorRegistry& registry);
void register_variance(AggregatorRegistry& registry);
void register_bloom(AggregatorRegistry& registry);
void register_kll_sketch(AggregatorRegistry& registry);
void register_array_of_doubles_sketch(AggregatorRegistry& registry);
void register_single_value(AggregatorRegistry& registry);
void register_javascript(AggregatorRegistry& registry);

namespace {

/// Druid's other aggregators, most of them of contributed extensions: known, so that the answer is "not built" and not
/// "unknown".
constexpr std::array kNotBuilt = {"timeMin",           "timeMax",       "distinctCount", "momentSketch",
                                  "momentSketchMerge", "tDigestSketch", "ddSketch",      "spectatorHistogram",
                                  "passthrough"};

AggregatorRegistry build() {
  AggregatorRegistry registry;
  register_count(registry);
  register_sums(registry);
  register_extremes(registry);
  register_filtered(registry);
  register_hyper_unique(registry);
  register_theta_sketch(registry);
  register_hll_sketch(registry);
  register_quantiles_doubles_sketch(registry);
  register_expression_aggregator(registry);
  register_double_mean(registry);
  register_first_last(registry);
  register_string_first_last(registry);
  register_any(registry);
  register_cardinality(registry);
  register_grouping(registry);
  register_approximate_histogram(registry);
  register_fixed_buckets_histogram(registry);
  register_variance(registry);
  register_bloom(registry);
  register_kll_sketch(registry);
  register_array_of_doubles_sketch(registry);
  register_single_value(registry);
  register_javascript(registry);
  return registry;
}

std::vector<std::string> names() {
  std::vector<std::string> all(kNotBuilt.begin(), kNotBuilt.end());
  for (const AggregatorType& type : aggregators().types()) all.emplace_back(type.type);
  return all;
}

}  // namespace

const AggregatorRegistry& aggregators() {
  static const AggregatorRegistry registry = build();
  return registry;
}

std::shared_ptr<const AggregatorFactory> parse_aggregator(const JsonField& json) {
  const JsonField type_field = json["type"];
  const std::string type = type_field.string();
  const auto& types = aggregators().types();
  const auto found =
      std::find_if(types.begin(), types.end(), [&](const AggregatorType& entry) { return entry.type == type; });
  if (found != types.end()) return found->parse(json);
  if (std::find(kNotBuilt.begin(), kNotBuilt.end(), type) != kNotBuilt.end())
    throw Error(ErrorCategory::kUnsupported,
                type_field.path() + ": the aggregator \"" + type + "\" is not part of this version");
  type_field.fail("unknown aggregator type \"" + type + "\"" + suggestion(type, names()));
}

}  // namespace sarsen::engine
