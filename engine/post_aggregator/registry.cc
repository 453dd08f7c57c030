// The list of all post-aggregators, and what they share.

#include <algorithm>

#include "engine/post_aggregator/post_aggregator.h"
#include "engine/result/value_order.h"
#include "storage/base/error.h"

namespace sarsen::engine {

void register_constant_post_aggregator(PostAggregatorRegistry& registry);
void register_field_access(PostAggregatorRegistry& registry);
void register_arithmetic(PostAggregatorRegistry& registry);
void register_greatest_least(PostAggregatorRegistry& registry);
void register_expression_post_aggregator(PostAggregatorRegistry& registry);
void register_hyper_unique_cardinality(PostAggregatorRegistry& registry);
void register_theta_post_aggregators(PostAggregatorRegistry& registry);
void register_hll_post_aggregators(PostAggregatorRegistry& registry);
void register_quantiles_post_aggregators(PostAggregatorRegistry& registry);
void register_array_of_doubles_post_aggregators(PostAggregatorRegistry& registry);
void register_histogram_post_aggregators(PostAggregatorRegistry& registry);
void register_standard_deviation(PostAggregatorRegistry& registry);
void register_javascript_post_aggregator(PostAggregatorRegistry& registry);

namespace {

PostAggregatorRegistry build() {
  PostAggregatorRegistry registry;
  register_constant_post_aggregator(registry);
  register_field_access(registry);
  register_arithmetic(registry);
  register_greatest_least(registry);
  register_expression_post_aggregator(registry);
  register_hyper_unique_cardinality(registry);
  register_theta_post_aggregators(registry);
  register_hll_post_aggregators(registry);
  register_quantiles_post_aggregators(registry);
  register_array_of_doubles_post_aggregators(registry);
  register_histogram_post_aggregators(registry);
  register_standard_deviation(registry);
  register_javascript_post_aggregator(registry);
  return registry;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const PostAggregatorType& type : post_aggregators().types()) all.emplace_back(type.type);
  return all;
}

}  // namespace

const PostAggregatorRegistry& post_aggregators() {
  static const PostAggregatorRegistry registry = build();
  return registry;
}

PostAggregatorPtr parse_post_aggregator(const JsonField& json, const NameScope& scope, bool named) {
  const JsonField type_field = json["type"];
  const std::string type = type_field.string();
  const auto& types = post_aggregators().types();
  const auto found = std::find_if(types.begin(), types.end(), [&](const auto& entry) { return entry.type == type; });
  if (found != types.end())
    return found->parse(json, scope, named ? json["name"].string() : json["name"].string_or(""));
  type_field.fail("unknown post-aggregator type \"" + type + "\"" + suggestion(type, names()));
}

bool NameScope::contains(std::string_view name) const noexcept {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

std::size_t NameScope::position(const JsonField& json) const {
  const std::string name = json.string();
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end())
    json.fail("no aggregation or earlier post-aggregation is named \"" + name + "\"" + suggestion(name, names_));
  return static_cast<std::size_t>(found - names_.begin());
}

int PostAggregator::compare(const Value& left, const Value& right) const { return compare_values(left, right); }

std::vector<PostAggregatorPtr> parse_fields(const JsonField& json, const NameScope& scope, std::size_t fields_min) {
  const JsonField list = json["fields"];
  std::vector<PostAggregatorPtr> fields;
  for (const JsonField& element : list.elements()) fields.push_back(parse_post_aggregator(element, scope, false));
  if (fields.size() < fields_min) list.fail("needs at least " + std::to_string(fields_min) + " post-aggregators");
  return fields;
}

std::optional<double> operand(const Value& value, const std::string& name) {
  if (is_null(value)) return std::nullopt;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return static_cast<double>(*number);
  if (const auto* number = std::get_if<float>(&value)) return static_cast<double>(*number);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  throw Error(ErrorCategory::kInvalidInput,
              "A post-aggregator can only compute with numbers: an operand of \"" + name +
                  "\" is text or a sketch (finalizingFieldAccess reads a sketch's estimate)");
}

}  // namespace sarsen::engine
