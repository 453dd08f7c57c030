#include "ingest/tasks/compaction_state.h"

#include <utility>

#include "ingest/batch/partitions_json.h"
#include "ingest/row/dimension_json.h"
#include "ingest/row/index_spec_json.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

Json or_else(const Json& given, const Json& otherwise) { return given.is_null() ? otherwise : given; }

Json uniform(Json segment_granularity, Json query_granularity, bool rollup, Json::Array intervals) {
  return Json::Object{{"type", "uniform"},
                      {"segmentGranularity", std::move(segment_granularity)},
                      {"queryGranularity", std::move(query_granularity)},
                      {"rollup", rollup},
                      {"intervals", Json(std::move(intervals))}};
}

Json granularity_spec(const CompactSpec& spec, const ExistingSchema& existing, const Interval& chunk) {
  const Interval covered = spec.segment_granularity ? existing.umbrella() : chunk;
  return uniform(spec.segment_granularity ? spec.segment_granularity->to_json() : granularity_of(chunk),
                 or_else(spec.given.query_granularity, existing.query_granularity()),
                 spec.rollup.value_or(existing.rollup()), {Json(format_iso(covered))});
}

Json state_of(Json partitions, const storage::IndexSpec& index, Json dimensions, Json metrics, Json transform,
              Json granularity) {
  return Json::Object{{"partitionsSpec", std::move(partitions)},
                      {"dimensionsSpec", std::move(dimensions)},
                      {"metricsSpec", std::move(metrics)},
                      {"transformSpec", std::move(transform)},
                      {"indexSpec", Json::parse(index_spec_text(index))},
                      {"granularitySpec", std::move(granularity)}};
}

Json metrics_of(const engine::AggregatorFactories& metrics) {
  Json::Array array;
  for (const auto& metric : metrics) array.push_back(metric->to_json());
  return array;
}

Json granularity_of(const JsonField& json, const char* name, const char* otherwise) {
  const bool given = json.present() && json[name].present();
  return (given ? engine::parse_granularity(json[name]) : engine::parse_granularity(otherwise))->to_json();
}

}  // namespace

Json granularity_of(const Interval& interval) {
  if (interval == kEternity) return engine::parse_granularity("all")->to_json();
  if (const auto name = engine::named_period(interval)) return *name;
  return Json::Object{{"type", "duration"},
                      {"duration", interval.end_ms - interval.start_ms},
                      {"origin", format_iso(interval.start_ms)}};
}

Json compaction_state(const CompactSpec& spec, const ExistingSchema& existing, const Interval& chunk) {
  return state_of(partitions_json(spec.tuning.partitions, spec.single_dimension), spec.tuning.index_spec,
                  or_else(spec.given.dimensions_spec, existing.dimensions_spec()),
                  or_else(spec.given.metrics_spec, existing.metrics_spec()), spec.given.transform_spec,
                  granularity_spec(spec, existing, chunk));
}

Json compaction_state(const JsonField& spec, const DataSchema& schema, const IndexTuning& tuning) {
  const JsonField json = spec["dataSchema"];
  const JsonField granularity = json["granularitySpec"];
  Json::Array intervals;
  for (const Interval& interval : schema.granularity_spec.intervals()) intervals.emplace_back(format_iso(interval));
  const JsonField filter = json["transformSpec"].present() ? json["transformSpec"]["filter"] : json["transformSpec"];
  const JsonField partitions =
      spec["tuningConfig"].present() ? spec["tuningConfig"]["partitionsSpec"] : spec["tuningConfig"];
  const bool single = partitions.present() && partitions["type"].string_or("") == "single_dim";
  return state_of(partitions_json(tuning.partitions, single), tuning.index_spec,
                  dimensions_spec_json(dimensions_json(json["dimensionsSpec"])), metrics_of(schema.metrics),
                  filter.present() ? Json(Json::Object{{"filter", filter.json()}}) : Json(),
                  uniform(granularity_of(granularity, "segmentGranularity", "DAY"),
                          granularity_of(granularity, "queryGranularity", "NONE"), schema.granularity_spec.rollup(),
                          std::move(intervals)));
}

}  // namespace sarsen::ingest
