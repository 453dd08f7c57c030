#include "ingest/tasks/compact_rebuild.h"

#include <algorithm>
#include <map>
#include <set>

#include "ingest/batch/segment_builder.h"
#include "ingest/batch/segment_rows.h"
#include "ingest/merge/merged_schema.h"
#include "ingest/transform/row_intake.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using Pieces = std::vector<std::shared_ptr<const storage::Segment>>;
using storage::ValueType;

constexpr std::uint64_t kRowsPerStep = 4096;

/// nullptr: no piece has it.
const storage::Column* column_of(const Pieces& pieces, const std::string& name) {
  for (const auto& piece : pieces)
    if (const storage::Column* column = piece->column(name)) return column;
  return nullptr;
}

/// Of `wanted`, those that a piece has.
std::vector<DimensionSchema> dimensions_of(const Pieces& pieces, const std::vector<DimensionSchema>& wanted) {
  std::vector<DimensionSchema> dimensions;
  for (const DimensionSchema& dimension : wanted) {
    const storage::Column* column = column_of(pieces, dimension.name);
    if (column == nullptr) continue;
    if (column->type() == ValueType::kComplex && column->complex_type() != "json")
      throw Error(ErrorCategory::kUnsupported, "Rows of such partitions cannot have a dimension of type " +
                                                   column->logical_type() + ": \"" + dimension.name + "\"");
    dimensions.push_back(dimension);
  }
  return dimensions;
}

/// As the specification says, else as all pieces do.
std::size_t time_place_of(const CompactSpec& spec, const Pieces& pieces,
                          const std::vector<DimensionSchema>& dimensions) {
  std::vector<std::string> names;
  for (const DimensionSchema& dimension : dimensions) names.push_back(dimension.name);
  if (spec.before_time) return count_before_time(names, *spec.before_time);
  std::set<std::size_t> places;
  for (const auto& piece : pieces) {
    std::vector<std::string> before = stated_ordering(*piece);
    before.erase(std::ranges::find(before, storage::kTimeColumn), before.end());
    places.insert(count_before_time(names, before));
  }
  return places.size() == 1 ? *places.begin() : 0;
}

/// The specification's, of raw rows.
engine::AggregatorFactories ingested_metrics(const CompactSpec& spec, const Pieces& pieces) {
  engine::AggregatorFactories metrics;
  for (const auto& metric : *spec.reshaping.metrics) {
    const bool preserved = spec.reshaping.preserves_metrics && column_of(pieces, metric->name()) != nullptr;
    metrics.push_back(preserved ? metric->combining() : metric);
  }
  return metrics;
}

/// What combines the metrics of all pieces, as they say or as the task does.
engine::AggregatorFactories metrics_of(const CompactSpec& spec, const Pieces& pieces) {
  std::map<std::string, std::shared_ptr<const engine::AggregatorFactory>> known;
  std::map<std::string, std::string> stated;
  if (spec.reshaping.metrics)
    for (const auto& metric : *spec.reshaping.metrics) known[metric->name()] = metric->combining();
  for (const auto& piece : pieces) {
    if (spec.reshaping.metrics || !piece->metadata().is_object()) continue;
    const JsonField aggregators = JsonField(piece->metadata())["aggregators"];
    if (!aggregators.present()) continue;
    for (const JsonField& json : aggregators.elements()) {
      const std::string name = json["name"].string(), text = json.json().dump();
      if (stated.emplace(name, text).first->second != text)
        known[name] = nullptr;
      else
        known.emplace(name, engine::parse_aggregator(json)->combining());
    }
  }
  engine::AggregatorFactories metrics;
  for (const auto& piece : pieces)
    for (const std::string& name : piece->metrics()) {
      if (std::any_of(metrics.begin(), metrics.end(), [&](const auto& metric) { return metric->name() == name; }))
        continue;
      const auto found = known.find(name);
      if (found == known.end() || found->second == nullptr)
        throw Error(ErrorCategory::kUnsupported,
                    "How the values of the metric \"" + name +
                        "\" are combined is not known, as the segments do not agree on it or do not say it; give it in "
                        "metricsSpec");
      metrics.push_back(found->second);
    }
  return metrics;
}

Json query_granularity_of(const CompactSpec& spec, const Pieces& pieces) {
  if (spec.query_granularity != nullptr) return spec.query_granularity->to_json();
  const Json& metadata = pieces.front()->metadata();
  const Json* stored = metadata.is_object() ? metadata.find("queryGranularity") : nullptr;
  return stored == nullptr || stored->is_null() ? Json("none") : *stored;
}

/// Objects are not found as strings: Druid makes texts of them that nobody can read. They stay what they are.
void keep_json(const Pieces& pieces, DimensionsSpec& spec) {
  if (spec.schema_discovery) return;
  for (const auto& piece : pieces)
    for (const std::string& name : piece->dimensions())
      if (piece->column(name)->complex_type() == "json" && !spec.lists(name) && !spec.exclusions.contains(name))
        spec.dimensions.push_back({.name = name, .type = ValueType::kVariant, .bitmap_index = false});
}

std::shared_ptr<const DataSchema> schema_of(const CompactSpec& spec, const Pieces& pieces, const RebuiltShape& shape) {
  DataSchema schema;
  schema.data_source = spec.data_source;
  const Json time = Json::Object{{"column", storage::kTimeColumn}, {"format", "millis"}};
  schema.timestamp_spec = TimestampSpec::parse(JsonField(time));
  schema.metrics = shape.ingests_metrics ? ingested_metrics(spec, pieces) : metrics_of(spec, pieces);
  if (spec.discovery) {
    schema.dimensions_spec = *spec.discovery;
    schema.dimensions_spec.exclusions.emplace(storage::kTimeColumn);
    for (const auto& metric : schema.metrics) {
      schema.dimensions_spec.exclusions.insert(metric->name());
      for (const std::string& field : metric->required_columns()) schema.dimensions_spec.exclusions.insert(field);
    }
    keep_json(pieces, schema.dimensions_spec);
  } else {
    schema.dimensions_spec.dimensions = dimensions_of(pieces, shape.dimensions);
    schema.dimensions_spec.discovery = false;
    schema.dimensions_spec.time_place = time_place_of(spec, pieces, schema.dimensions_spec.dimensions);
  }
  const Json granularity = Json::Object{{"segmentGranularity", "all"},
                                        {"queryGranularity", query_granularity_of(spec, pieces)},
                                        {"rollup", shape.rollup}};
  schema.granularity_spec = GranularitySpec::parse(JsonField(granularity));
  return std::make_shared<const DataSchema>(std::move(schema));
}

}  // namespace

CompactRebuild::CompactRebuild(const CompactSpec& spec, const Interval& chunk, Pieces pieces, const RebuiltShape& shape)
    : tuning_(spec.tuning),
      chunk_(chunk),
      pieces_(std::move(pieces)),
      schema_(schema_of(spec, pieces_, shape)),
      partitioner_(make_partitioner(tuning_.partitions, schema_, fields_)) {}

void CompactRebuild::for_each_row(const Use& use, const std::function<void()>& step) {
  RowIntake intake(schema_, fields_);
  std::uint64_t rows = 0;
  for (const auto& piece : pieces_)
    read_all_rows(
        piece, fields_,
        [&](RawRow& row) {
          if (++rows % kRowsPerStep == 0) step();
          const RowIntake::Result taken = intake.take(row);
          if (taken.verdict != RowIntake::Verdict::kTaken) throw Error(ErrorCategory::kRuntimeFailure, taken.problem);
          use(row, taken.time_ms);
        },
        schema_->dimensions_spec.discovery);
}

void CompactRebuild::run(SegmentOutput& output, RowCounts& counts, const std::function<void()>& step) {
  SegmentBuilder builder(schema_, tuning_, fields_, partitioner_.get(), output);
  builder.on_step(step);
  if (partitioner_ && partitioner_->surveys()) {
    for_each_row([&](const RawRow& row, std::int64_t time_ms) { partitioner_->survey(chunk_, row, time_ms); }, step);
    partitioner_->end_survey();
  }
  std::vector<std::string> problems;
  for_each_row(
      [&](const RawRow& row, std::int64_t time_ms) {
        problems.clear();
        const RowOutcome outcome = builder.add(chunk_, row, time_ms, problems);
        if (outcome == RowOutcome::kProcessedWithError)
          counts.count_error(outcome, "", problems);
        else
          counts.count(outcome);
      },
      step);
  builder.finish();
  pieces_.clear();
}

}  // namespace sarsen::ingest
