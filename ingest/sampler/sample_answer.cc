#include "ingest/sampler/sample_answer.h"

#include <string>
#include <utility>

#include "engine/virtual_column/virtual_column.h"
#include "ingest/row/dimension_json.h"

namespace sarsen::ingest {
namespace {

using storage::ValueType;

Json typed_name(const std::string& name, const std::string& type) {
  return Json::Object{{"name", name}, {"type", type}};
}

/// Of what a discovered dimension turned out to be.
ValueType type_of(const std::string& logical_type) {
  if (logical_type == "STRING") return ValueType::kString;
  if (logical_type == "LONG") return ValueType::kLong;
  if (logical_type == "FLOAT") return ValueType::kFloat;
  if (logical_type == "DOUBLE") return ValueType::kDouble;
  return ValueType::kVariant;
}

/// Where there are no rows there are no columns.
std::string type_of(const storage::Segment& segment, const DimensionSchema& dimension) {
  if (const storage::Column* column = segment.column(dimension.name)) return column->logical_type();
  if (dimension.type == ValueType::kLong) return "LONG";
  if (dimension.type == ValueType::kFloat) return "FLOAT";
  if (dimension.type == ValueType::kDouble) return "DOUBLE";
  return dimension.cast_to.empty() ? "STRING" : dimension.cast_to;
}

/// What fills its column: Druid names the types of some sketches after what builds or merges them.
std::string type_of(const engine::AggregatorFactory& metric) {
  Json json = metric.to_json();
  while (const Json* inner = json.find("aggregator")) json = Json(*inner);
  const JsonField field(json);
  const std::string type = field["type"].string_or("");
  if (type == "HLLSketchBuild" || type == "HLLSketchMerge") return "COMPLEX<" + type + ">";
  if (type == "thetaSketch" && !field["isInputThetaSketch"].boolean_or(false)) return "COMPLEX<thetaSketchBuild>";
  if (type == "thetaSketch") return "COMPLEX<thetaSketchMerge>";
  if (type == "arrayOfDoublesSketch")
    return field["metricColumns"].present() ? "COMPLEX<arrayOfDoublesSketchBuild>"
                                            : "COMPLEX<arrayOfDoublesSketchMerge>";
  return metric.intermediate_kind().type_name();
}

Json logical_dimension(const SamplerSpec& spec, const DimensionSchema& dimension, const std::string& logical_type) {
  if (spec.schema->dimensions_spec.lists(dimension.name))
    return dimension_json(dimension, spec.json_dimensions.contains(dimension.name));
  return dimension_json({.name = dimension.name, .type = type_of(logical_type)});
}

/// Its column does not tell how several values of a row came into their order, nor of what fields places were joined.
Json physical_dimension(DimensionSchema dimension) {
  dimension.multi_value_handling = {};
  dimension.coordinate_fields.clear();
  return dimension_json(dimension);
}

Json told_rows(const SampledRows& rows) {
  Json::Array told;
  for (const SampledRow& row : rows.rows())
    if (!row.parsed.is_null() || row.error) told.push_back(row.to_json());
  return told;
}

}  // namespace

Json sample_answer(const SamplerSpec& spec, const SampledRows& rows) {
  const auto segment = rows.index().snapshot();
  Json::Array logical, physical, signature;
  for (const DimensionSchema& dimension : rows.index().dimensions()) {
    const std::string type = type_of(*segment, dimension);
    logical.push_back(logical_dimension(spec, dimension, type));
    physical.push_back(physical_dimension(dimension));
    signature.push_back(typed_name(dimension.name, type));
  }
  signature.insert(signature.begin() + static_cast<std::ptrdiff_t>(spec.schema->dimensions_spec.time_place),
                   typed_name(std::string(storage::kTimeColumn), "LONG"));
  for (const auto& metric : spec.schema->metrics)
    if (metric->name() != kSamplerOrder) signature.push_back(typed_name(metric->name(), type_of(*metric)));
  return Json::Object{{"numRowsRead", std::ssize(rows.rows())},       {"numRowsIndexed", rows.rows_indexed()},
                      {"logicalDimensions", std::move(logical)},      {"physicalDimensions", std::move(physical)},
                      {"logicalSegmentSchema", std::move(signature)}, {"data", told_rows(rows)}};
}

}  // namespace sarsen::ingest
