#pragma once
// What the rows of a data source look like once stored: Druid's dataSchema, in its modern form (timestampSpec,
// dimensionsSpec and so on side by side; the inputFormat elsewhere) and its old form (inside parser.parseSpec).
// Immutable; shared by the indexes of a source.

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "engine/aggregator/aggregator.h"
#include "ingest/row/dimensions_spec.h"
#include "ingest/row/granularity_spec.h"
#include "ingest/row/input_format.h"
#include "ingest/row/raw_value.h"
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

  /// Whether a row that has the value lists the field, as Druid's readers do: only by listed ones are dimensions
  /// discovered. No nulls, objects, nor lists that hold one or a list; but all where dimensions are of any shape, and
  /// fields that the format lists by name.
  bool lists(std::string_view field, const RawValue& value) const noexcept;

  /// What an index asks each row for, whether the row lists it or not: of dimensions that are given, and of metrics.
  std::set<std::string> stored_fields() const;
};

}  // namespace sarsen::ingest
