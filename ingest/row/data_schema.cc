#include "ingest/row/data_schema.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "ingest/row/column_name.h"
#include "ingest/row/metric_spec.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/base/utf8.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {
namespace {

/// Druid's rules for names that become parts of paths.
void check_data_source(const JsonField& json, std::string_view name) {
  if (name.empty()) json.fail("a data source needs a name");
  if (name.front() == '.') json.fail("the name must not begin with a point: " + std::string(name));
  for (std::string_view rest = name; !rest.empty();) {
    const Utf8Step step = next_code_point(rest);
    const bool blank = step.code_point == 0x85 || step.code_point == 0xA0 || step.code_point == 0x1680 ||
                       (step.code_point >= 0x2000 && step.code_point <= 0x200A) || step.code_point == 0x2028 ||
                       step.code_point == 0x2029 || step.code_point == 0x202F || step.code_point == 0x205F ||
                       step.code_point == 0x3000;
    if (step.code_point == '/' || blank || step.code_point < 0x20 || step.code_point == 0x7F ||
        step.code_point > 0xFFFF)
      json.fail(
          "the name must have no slash, no control character, no white space but the blank, and nothing past U+FFFF: " +
          std::string(name));
    rest.remove_prefix(step.size);
  }
}

engine::AggregatorFactories parse_metrics(const JsonField& json, const DimensionsSpec& dimensions) {
  engine::AggregatorFactories metrics;
  std::set<std::string> names;
  for (const JsonField& element : json.elements()) {
    auto metric = parse_metric(element);
    const std::string& name = metric->name();
    if (const char* problem = column_name_problem(name))
      element["name"].fail(std::string(problem) + ": [" + name + "]");
    if (!names.insert(name).second) element["name"].fail("another metric has this name: " + name);
    if (dimensions.lists(name)) element["name"].fail("a dimension has this name: " + name);
    metrics.push_back(std::move(metric));
  }
  return metrics;
}

void derive_exclusions(DataSchema& schema) {
  const auto exclude = [&schema](const std::string& name) {
    if (!schema.dimensions_spec.lists(name)) schema.dimensions_spec.exclusions.insert(name);
  };
  exclude(schema.timestamp_spec.column());
  exclude(std::string(storage::kTimeColumn));
  for (const auto& metric : schema.metrics) {
    exclude(metric->name());
    for (const std::string& field : metric->required_columns()) exclude(field);
  }
}

bool is_container(const RawValue& value) noexcept {
  return value.kind == RawValue::Kind::kObject || value.kind == RawValue::Kind::kList;
}

bool holds_container(const RawValue& value) noexcept {
  return value.kind == RawValue::Kind::kObject || std::any_of(value.list.begin(), value.list.end(), is_container);
}

}  // namespace

DataSchema DataSchema::parse(const JsonField& json) {
  if (!json.present()) json.fail("missing");
  DataSchema schema;
  schema.data_source = json["dataSource"].string();
  check_data_source(json["dataSource"], schema.data_source);
  JsonField rows = json;
  if (const JsonField parser = json["parser"]; parser.present()) {
    schema.input_format = InputFormat::parse_parser(parser);
    rows = parser["parseSpec"];
  }
  schema.timestamp_spec = TimestampSpec::parse(rows["timestampSpec"]);
  schema.dimensions_spec = DimensionsSpec::parse(rows["dimensionsSpec"]);
  schema.metrics = parse_metrics(json["metricsSpec"], schema.dimensions_spec);
  schema.granularity_spec = GranularitySpec::parse(json["granularitySpec"]);
  schema.transform_spec = TransformSpec::parse(json["transformSpec"]);
  derive_exclusions(schema);
  if (const JsonField projections = json["projections"]; !projections.elements().empty())
    log_warn("{}: projections are not written; queries read the rows instead, and answer the same", projections.path());
  return schema;
}

std::set<std::string> DataSchema::stored_fields() const {
  std::set<std::string> fields;
  for (const DimensionSchema& dimension : dimensions_spec.dimensions) {
    fields.insert(dimension.name);
    fields.insert(dimension.coordinate_fields.begin(), dimension.coordinate_fields.end());
  }
  for (const auto& metric : metrics)
    for (std::string& column : metric->required_columns()) fields.insert(std::move(column));
  return fields;
}

bool DataSchema::lists(std::string_view field, const RawValue& value) const noexcept {
  if (dimensions_spec.schema_discovery) return value.kind != RawValue::Kind::kMissing;
  if (input_format && (input_format->text || (input_format->flatten && input_format->flatten->lists(field))))
    return true;
  if (value.absent()) return input_format && input_format->keep_null_columns;
  return !holds_container(value);
}

}  // namespace sarsen::ingest
