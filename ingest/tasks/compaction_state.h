#pragma once
// What made a segment, as its descriptor tells it: Druid's lastCompactionState, all fields with their values, so that
// who compacts automatically finds that there is nothing to be done. Pure functions.

#include "ingest/row/data_schema.h"
#include "ingest/tasks/compact_spec.h"
#include "ingest/tasks/existing_schema.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// Of a compact task. `existing`: what it reads; `chunk`: what it writes, where the specification leaves the segments'
/// granularity open.
Json compaction_state(const CompactSpec& spec, const ExistingSchema& existing, const Interval& chunk);

/// Of an index task, which tells it where its context says so. `spec` is its own.
Json compaction_state(const JsonField& spec, const DataSchema& schema, const IndexTuning& tuning);

/// The granularity of which the interval is one bucket, wherever that begins; else a duration.
Json granularity_of(const Interval& interval);

}  // namespace sarsen::ingest
