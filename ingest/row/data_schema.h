#pragma once
// What the rows of a data source look like once stored: Druid's dataSchema, in its modern form (timestampSpec,
// dimensionsSpec and so on side by side; the inputFormat elsewhere) and its old form (inside parser.parseSpec).
// Immutable; shared by the indexes of a source.

#include <optional>
#include <string>

#include "engine/aggregator/aggregator.h"
#include "ingest/row/dimensions_spec.h"
#include "ingest/row/granularity_spec.h"
#include "ingest/row/input_format.h"
#include "ingest/row/timestamp_spec.h"
#include "ingest/transform/transform_spec.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

struct DataSchema {
  std::string data_source;
  TimestampSpec timestamp_spec;
  /// Its exclusions hold the derived ones too: the timestamp column, and names and inputs of metrics, unless listed as
  /// dimensions.
  DimensionsSpec dimensions_spec;
  engine::AggregatorFactories metrics;
  GranularitySpec granularity_spec;
  TransformSpec transform_spec;
  /// From the parser of the old form.
  std::optional<InputFormat> input_format;

  /// Throws kInvalidInput naming the field, kUnsupported for what is not built.
  static DataSchema parse(const JsonField& json);
};

}  // namespace sarsen::ingest
