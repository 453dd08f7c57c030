#include "ingest/merge/merged_metadata.h"

#include <algorithm>

#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

/// The member `key` of every segment's metadata; absent ones are null.
std::vector<Json> members(const Sources& sources, std::string_view key) {
  std::vector<Json> found;
  for (const SourceRows& source : sources) {
    const Json* member = source.segment->metadata().find(key);
    found.push_back(member == nullptr ? Json() : *member);
  }
  return found;
}

bool all_have_metadata(const Sources& sources) {
  return std::all_of(sources.begin(), sources.end(),
                     [](const SourceRows& source) { return source.segment->metadata().is_object(); });
}

/// The value that all have; null where there is none.
Json common(const std::vector<Json>& values) {
  for (const Json& value : values)
    if (value.dump() != values.front().dump()) return {};
  return values.empty() ? Json() : values.front();
}

KnownAggregator known(const engine::AggregatorFactory& factory) {
  std::shared_ptr<const engine::AggregatorFactory> combining = factory.combining();
  return {combining->to_json(), combining};
}

/// An aggregator that the engine does not have can be written again, but not used.
KnownAggregator read_aggregator(const JsonField& json) {
  try {
    return known(*engine::parse_aggregator(json));
  } catch (const Error&) {
    return {json.json(), nullptr};
  }
}

Json query_granularity(const Sources& sources) {
  std::vector<Json> values = members(sources, "queryGranularity");
  for (Json& value : values) {
    if (value.is_null()) return {};
    try {  // Versions write the same granularity in different ways.
      value = engine::parse_granularity(JsonField(value))->to_json();
    } catch (const Error&) {
    }
  }
  return common(values);
}

Json timestamp_spec(const Sources& sources) {
  std::vector<Json> values = members(sources, "timestampSpec");
  std::erase_if(values, [](const Json& value) { return value.is_null(); });
  return common(values);
}

/// Later segments win.
Json container(const Sources& sources) {
  Json::Object merged;
  for (const Json& value : members(sources, "container")) {
    if (!value.is_object()) continue;
    for (const auto& [key, content] : value.object()) {
      std::erase_if(merged, [&name = key](const auto& member) { return member.first == name; });
      merged.emplace_back(key, content);
    }
  }
  return merged;
}

Json aggregators_json(const MergedSchema& schema, const KnownAggregators& aggregators) {
  Json::Array list;
  for (const MergedColumn& metric : schema.metrics) {
    const auto found = aggregators.find(metric.name);
    if (found == aggregators.end()) return {};
    list.push_back(found->second.json);
  }
  return list;
}

/// By what all segments say they are sorted, as far as the merged rows are. Where segments are sorted so differently
/// that nothing is left of it, the rows were sorted anew, by all columns.
std::vector<std::string> ordering(const Sources& sources, const MergedSchema& schema) {
  std::vector<std::string> sorted;
  for (const MergedColumn& dimension : schema.dimensions) sorted.push_back(dimension.name);
  sorted.emplace(sorted.begin() + static_cast<std::ptrdiff_t>(schema.time_place), storage::kTimeColumn);
  std::vector<std::string> common = stated_ordering(*sources.front().segment);
  for (const SourceRows& source : sources) {
    const std::vector<std::string> other = stated_ordering(*source.segment);
    const auto [end, ignored] = std::mismatch(common.begin(), common.end(), other.begin(), other.end());
    common.erase(end, common.end());
  }
  const auto is_stored = [&](const std::string& name) { return std::ranges::count(sorted, name) != 0; };
  auto place = sorted.begin();
  const auto end = std::find_if(common.begin(), common.end(), [&](const std::string& name) {
    return is_stored(name) && (place == sorted.end() || *place++ != name);
  });
  common.erase(end, common.end());
  return std::ranges::count(common, storage::kTimeColumn) == 0 ? sorted : common;
}

Json ordering_json(const std::vector<std::string>& names) {
  Json::Array columns;
  for (const std::string& name : names) columns.push_back(Json::Object{{"columnName", name}, {"order", "ascending"}});
  return columns;
}

Json rollup(const Sources& sources, const MergeOptions& options) {
  if (options.rollup) return *options.rollup;
  return all_have_metadata(sources) ? common(members(sources, "rollup")) : Json();
}

}  // namespace

KnownAggregators known_aggregators(const Sources& sources, const MergedSchema& schema, const MergeOptions& options) {
  KnownAggregators all;
  if (options.metrics) {
    for (const auto& metric : *options.metrics) all.insert_or_assign(metric->name(), known(*metric));
  } else if (all_have_metadata(sources)) {
    std::vector<std::string> contradictions;
    for (const SourceRows& source : sources)
      for (const JsonField& json : JsonField(source.segment->metadata())["aggregators"].elements()) {
        const std::string name = json["name"].string();
        KnownAggregator aggregator = read_aggregator(json);
        const auto [entry, is_new] = all.try_emplace(name, aggregator);
        if (!is_new && entry->second.json.dump() != aggregator.json.dump()) contradictions.push_back(name);
      }
    for (const std::string& name : contradictions) all.erase(name);
  }
  std::erase_if(all, [&](const auto& entry) {
    return std::none_of(schema.metrics.begin(), schema.metrics.end(),
                        [&](const MergedColumn& metric) { return metric.name == entry.first; });
  });
  return all;
}

bool stated_rollup(const Sources& sources) {
  const Json merged = rollup(sources, {});
  return merged.is_bool() && merged.boolean();
}

Json merge_metadata(const Sources& sources, const MergedSchema& schema, const KnownAggregators& aggregators,
                    const MergeOptions& options) {
  const bool any = std::any_of(sources.begin(), sources.end(),
                               [](const SourceRows& source) { return source.segment->metadata().is_object(); });
  if (!any && !options.metrics) return {};
  const bool all = all_have_metadata(sources);
  Json granularity = all ? query_granularity(sources) : Json();
  if (options.query_granularity != nullptr) granularity = options.query_granularity->to_json();
  return Json::Object{{"container", container(sources)},
                      {"aggregators", aggregators_json(schema, aggregators)},
                      {"timestampSpec", all ? timestamp_spec(sources) : Json()},
                      {"queryGranularity", granularity},
                      {"rollup", rollup(sources, options)},
                      {"ordering", ordering_json(ordering(sources, schema))}};
}

}  // namespace sarsen::ingest
