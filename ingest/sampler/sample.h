#pragma once
// Takes a sample: reads rows until there are as many as are wanted, or the time is over. Any thread.

#include "ingest/batch/segment_rows.h"
#include "ingest/sampler/sampler_spec.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// Druid's answer (sample_answer.h). `places`: where the input source "druid" finds segments, and a folder for what is
/// fetched. Throws kInvalidInput "Failed to sample data: …" where the input cannot be read.
Json take_sample(const SamplerSpec& spec, const SegmentPlaces& places);

}  // namespace sarsen::ingest
