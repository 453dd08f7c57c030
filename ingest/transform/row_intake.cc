#include "ingest/transform/row_intake.h"

#include <set>

#include "ingest/incremental_index/input_batch.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

/// What an index asks each row for. The metrics ask a batch for what they read, as they will ask that of an index.
std::set<std::string> stored_fields(const DataSchema& schema) {
  FieldTable fields;
  for (const DimensionSchema& dimension : schema.dimensions_spec.dimensions) {
    fields.add(dimension.name);
    for (const std::string& field : dimension.coordinate_fields) fields.add(field);
  }
  InputBatch batch(fields);
  for (const auto& metric : schema.metrics) metric->bind(batch);
  std::set<std::string> names;
  for (std::uint32_t field = 0; field < fields.size(); ++field) names.insert(fields.name(field));
  return names;
}

}  // namespace

RowIntake::RowIntake(std::shared_ptr<const DataSchema> schema, FieldTable& fields)
    : schema_(std::move(schema)),
      time_field_(fields.add(schema_->timestamp_spec.column())),
      transformer_(*schema_, fields, stored_fields(*schema_)) {
  for (const std::string& name : stored_fields(*schema_)) fields.add(name);
}

RowIntake::Result RowIntake::take(RawRow& row) {
  const RawValue& time = row.value(time_field_);
  const auto time_ms = schema_->timestamp_spec.time_ms(time);
  if (!time_ms) {
    std::string scratch;
    return {.verdict = Verdict::kUnparseable,
            .problem = "Timestamp[" + std::string(text_of(time, scratch).value_or("null")) + "] is unparseable!"};
  }
  Result result{.verdict = Verdict::kTaken, .time_ms = *time_ms};
  try {
    transformer_.transform(row, result.time_ms);
    if (!transformer_.passes(row, result.time_ms)) result.verdict = Verdict::kFiltered;
  } catch (const Error& error) {
    if (error.category() == ErrorCategory::kDefensive) throw;
    return {.verdict = Verdict::kUnparseable, .problem = error.what()};
  }
  return result;
}

}  // namespace sarsen::ingest
