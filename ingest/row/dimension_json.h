#pragma once
// Dimensions as Druid writes them. Pure.

#include "ingest/row/dimensions_spec.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// {"type", "name", "multiValueHandling", "createBitmapIndex"}. `as_json`: a dimension of any shape that was listed
/// with the type json, which Druid 33 tells from auto in nothing else.
Json dimension_json(const DimensionSchema& dimension, bool as_json = false);

}  // namespace sarsen::ingest
