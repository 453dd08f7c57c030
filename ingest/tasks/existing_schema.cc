#include "ingest/tasks/existing_schema.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/aggregator/aggregator.h"
#include "ingest/merge/merged_schema.h"
#include "ingest/row/dimension_json.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using storage::Column;
using storage::ValueType;

Json member_of(const storage::Segment& segment, std::string_view name) {
  const Json* found = segment.metadata().find(name);
  return found == nullptr ? Json() : *found;
}

Json schema_of(const std::string& name, const Column& column) {
  DimensionSchema schema{.name = name, .type = column.type(), .multi_value_handling = MultiValueHandling::kArray};
  if (is_structured(column)) schema.type = ValueType::kVariant;
  if (column.enforces_type()) schema.cast_to = column.logical_type();
  schema.bitmap_index = column.bitmap_index() != nullptr;
  if (column.spatial_index() != nullptr) schema = {.name = name, .spatial = true};
  return dimension_json(schema);
}

/// How long a bucket is, about: what is finer than what.
std::int64_t length_of(const engine::Granularity& granularity) {
  if (granularity.is_none()) return 0;
  if (granularity.is_all()) return INT64_MAX;
  const std::int64_t start_ms = granularity.bucket_start(0);
  return granularity.next_bucket(start_ms) - start_ms;
}

/// An aggregator that the engine does not have is told as it is.
Json combining(const Json& aggregator) {
  try {
    return engine::parse_aggregator(JsonField(aggregator))->combining()->to_json();
  } catch (const Error&) {
    return aggregator;
  }
}

}  // namespace

std::vector<ExistingSchema::Dimension> ExistingSchema::dimensions_of(const storage::Segment& segment) {
  std::vector<Dimension> dimensions;
  std::set<std::string, std::less<>> seen;
  const auto add = [&](const std::string& name) {
    if (!seen.insert(name).second) return;
    const Column* column = segment.column(name);
    dimensions.push_back({name, column == nullptr ? Json() : schema_of(name, *column)});
  };
  for (const std::string& name : stated_ordering(segment)) add(name);
  for (const std::string& name : segment.dimensions()) add(name);
  return dimensions;
}

void ExistingSchema::add(const storage::SegmentId& id, const storage::Segment& segment) {
  if (std::any_of(segments_.begin(), segments_.end(), [&](const Existing& known) { return known.id == id; })) return;
  const Json rollup = member_of(segment, "rollup");
  Existing existing{.id = id,
                    .rollup = rollup.is_bool() && rollup.boolean(),
                    .query_granularity = member_of(segment, "queryGranularity"),
                    .aggregators = member_of(segment, "aggregators"),
                    .dimensions = dimensions_of(segment)};
  const auto later = [](const Existing& left, const Existing& right) { return left.id.interval > right.id.interval; };
  segments_.insert(std::upper_bound(segments_.begin(), segments_.end(), existing, later), std::move(existing));
}

bool ExistingSchema::rollup() const {
  return std::all_of(segments_.begin(), segments_.end(), [](const Existing& segment) { return segment.rollup; });
}

Json ExistingSchema::query_granularity() const {
  std::shared_ptr<const engine::Granularity> finest;
  for (const Existing& segment : segments_) {
    if (segment.query_granularity.is_null()) continue;
    auto granularity = engine::parse_granularity(JsonField(segment.query_granularity));
    if (finest == nullptr || length_of(*granularity) < length_of(*finest)) finest = std::move(granularity);
  }
  return (finest == nullptr ? engine::parse_granularity("none") : finest)->to_json();
}

std::vector<ExistingSchema::Dimension> ExistingSchema::all_dimensions() const {
  std::vector<Dimension> all;
  for (const Existing& segment : segments_)
    for (const Dimension& dimension : segment.dimensions) {
      const auto is_it = [&](const Dimension& other) { return other.name == dimension.name; };
      const auto known = std::find_if(all.begin(), all.end(), is_it);
      if (known == all.end())
        all.push_back(dimension);
      else if (known->schema.is_null())
        known->schema = dimension.schema;
    }
  return all;
}

Json ExistingSchema::dimensions_spec() const {
  const std::vector<Dimension> all = all_dimensions();
  const bool by_time = all.empty() || all.front().name == storage::kTimeColumn;
  Json::Array dimensions;
  for (const Dimension& dimension : all)
    if (!dimension.schema.is_null() && (!by_time || dimension.name != storage::kTimeColumn))
      dimensions.push_back(dimension.schema);
  return dimensions_spec_json(std::move(dimensions), by_time ? std::nullopt : std::optional(false));
}

Json ExistingSchema::metrics_spec() const {
  std::vector<std::pair<std::string, Json>> metrics;
  std::set<std::string> lists;
  for (const Existing& segment : segments_) {
    if (segment.aggregators.is_null() || !lists.insert(segment.aggregators.dump()).second) continue;
    for (const JsonField& aggregator : JsonField(segment.aggregators).elements()) {
      const std::string name = aggregator["name"].string();
      Json json = combining(aggregator.json());
      const auto known =
          std::find_if(metrics.begin(), metrics.end(), [&](const auto& one) { return one.first == name; });
      if (known == metrics.end())
        metrics.emplace_back(name, std::move(json));
      else if (known->second.dump() != json.dump())
        return {};
    }
  }
  Json::Array array;
  for (auto& [name, metric] : metrics) array.push_back(std::move(metric));
  return array;
}

Interval ExistingSchema::umbrella() const {
  Interval umbrella = segments_.empty() ? kEternity : segments_.front().id.interval;
  for (const Existing& segment : segments_) {
    umbrella.start_ms = std::min(umbrella.start_ms, segment.id.interval.start_ms);
    umbrella.end_ms = std::max(umbrella.end_ms, segment.id.interval.end_ms);
  }
  return umbrella;
}

}  // namespace sarsen::ingest
