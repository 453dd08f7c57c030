#include "ingest/transform/row_intake.h"

#include "ingest/incremental_index/input_batch.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

/// The metrics ask a batch for what they read, as they will ask that of an index.
void add_fields(const DataSchema& schema, FieldTable& fields) {
  for (const DimensionSchema& dimension : schema.dimensions_spec.dimensions) {
    fields.add(dimension.name);
    for (const std::string& field : dimension.coordinate_fields) fields.add(field);
  }
  InputBatch batch(fields);
  for (const auto& metric : schema.metrics) metric->bind(batch);
}

}  // namespace

RowIntake::RowIntake(std::shared_ptr<const DataSchema> schema, FieldTable& fields)
    : schema_(std::move(schema)),
      time_field_(fields.add(schema_->timestamp_spec.column())),
      transformer_(schema_->transform_spec, fields) {
  add_fields(*schema_, fields);
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
