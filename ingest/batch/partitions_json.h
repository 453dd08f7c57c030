#pragma once
// A partitionsSpec as Druid writes it: all fields with their values, however they were given. Pure functions.

#include "ingest/batch/partitions_spec.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// `single_dimension`: of ranges, in the form of single_dim.
Json partitions_json(const PartitionsSpec& spec, bool single_dimension = false);

}  // namespace sarsen::ingest
