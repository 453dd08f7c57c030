#include "ingest/transform/row_intake.h"

#include "storage/base/error.h"

namespace sarsen::ingest {
RowIntake::RowIntake(std::shared_ptr<const DataSchema> schema, FieldTable& fields)
    : schema_(std::move(schema)),
      time_field_(fields.add(schema_->timestamp_spec.column())),
      transformer_(*schema_, fields) {
  for (const std::string& name : schema_->stored_fields()) fields.add(name);
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
