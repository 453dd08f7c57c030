#pragma once
// Dimensions as Druid writes them: all fields with their values, however they were given. Pure functions.

#include <optional>

#include "ingest/row/dimensions_spec.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// `json`: one of any shape that is called json, not auto. Druid 33 stores the same of both.
Json dimension_json(const DimensionSchema& schema, bool json = false);

/// Those that a dimensionsSpec lists, by name and as objects, then those of `spatialDimensions`. Throws as
/// DimensionsSpec::parse.
Json::Array dimensions_json(const JsonField& spec);

/// A dimensionsSpec that has these and nothing else. `sorts_by_time`: forceSegmentSortByTime, where somebody said it.
Json dimensions_spec_json(Json::Array dimensions, std::optional<bool> sorts_by_time = std::nullopt);

}  // namespace sarsen::ingest
