#pragma once
// What a compact task is asked for, and the chunks that it makes. Values.

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/time/granularity.h"
#include "ingest/batch/index_tuning.h"
#include "ingest/merge/merge_options.h"
#include "ingest/merge/reshaped_segment.h"
#include "ingest/row/dimensions_spec.h"
#include "ingest/tasks/task_lock.h"
#include "storage/base/json.h"
#include "storage/segment/timeline.h"

namespace sarsen::ingest {

struct CompactSpec {
  std::string data_source;
  std::optional<Interval> interval;               // or:
  std::optional<std::set<std::string>> segments;  // ids: all that is visible where they are
  bool drop_existing = false;                     // what had been there goes, even where nothing takes its place
  bool allow_non_aligned_interval = false;

  std::shared_ptr<const engine::Granularity> segment_granularity;  // null: as the segments are
  std::shared_ptr<const engine::Granularity> query_granularity;    // null: times stay as they are
  std::optional<bool> rollup;                                      // unset: as all segments say
  Reshaping reshaping;
  std::vector<DimensionSchema> dimension_schemas;       // of those that are named
  std::optional<std::vector<std::string>> before_time;  // what rows are sorted by before it; unset: as they are
  /// Where other dimensions are found among the columns that have values.
  std::optional<DimensionsSpec> discovery;
  engine::FilterPtr filter;
  IndexTuning tuning;
  bool single_dimension = false;  // ranges were given as single_dim

  TaskLockType lock_type = TaskLockType::kExclusive;

  bool store_state = true;  // lastCompactionState of the segments: unless the context's storeCompactionState is false
  /// What the task says, as Druid writes it again; null where it does not.
  struct Given {
    Json dimensions_spec;
    Json metrics_spec;
    Json transform_spec;
    Json query_granularity;
  } given;

  /// Throws kInvalidInput naming the field, kUnsupported for what is not built.
  static CompactSpec parse(const JsonField& json);
};

/// One chunk of the output, and what of which visible segments goes into it.
struct CompactChunk {
  Interval interval;
  std::vector<storage::TimelineHit> hits;
};

/// Divides what is visible in `interval`, and where segments reach beyond it or chunks do, all of that: nothing is half
/// rewritten. Throws kInvalidInput where the interval is not aligned, kNotFound where there is nothing, and kCanceled
/// where live rows are there.
std::vector<CompactChunk> compact_chunks(const CompactSpec& spec, const storage::Timeline& timeline,
                                         const Interval& interval);

}  // namespace sarsen::ingest
