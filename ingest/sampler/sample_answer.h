#pragma once
// What Druid's sampler tells: {"numRowsRead", "numRowsIndexed", "logicalDimensions", "physicalDimensions",
// "logicalSegmentSchema", "data": [{"input", "parsed", "unparseable", "error"}]}. A function of its arguments.

#include "ingest/sampler/sampled_rows.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// REQUIRES: rows.end() was called.
Json sample_answer(const SamplerSpec& spec, const SampledRows& rows);

}  // namespace sarsen::ingest
