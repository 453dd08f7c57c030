#pragma once
// The tasks index and index_parallel: rows of an input source to V9 segments, one set of partitions per segment
// interval. Both types do the same here, in one process.
//
// Nothing of the output is to be seen before all of it is written.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ingest/batch/index_tuning.h"
#include "ingest/batch/input_source.h"
#include "ingest/batch/segment_output.h"
#include "ingest/row/data_schema.h"
#include "ingest/row/row_counts.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

struct IndexTask {
  std::shared_ptr<const DataSchema> schema;  // with its input_format
  InputSource input;
  bool append = false;
  bool drop_existing = false;  // chunks of the intervals that get no rows are emptied
  IndexTuning tuning;

  /// Throws kInvalidInput naming the field, kUnsupported naming what is understood but not built.
  static IndexTask parse(const Json& json, const std::filesystem::path& base_directory);
};

struct IndexProgress {
  std::uint64_t rows = 0;  // read, whatever became of them
  std::uint64_t bytes = 0;
  std::uint64_t bytes_total = 0;  // of both readings, where rows are surveyed first
  bool writing = false;           // all is read
  bool surveying = false;         // the reading that determines partitions
  RowStats stats;                 // of this reading
};

struct IndexReport {
  RowStats survey_stats;  // of the reading that determined partitions; all 0 where there was none
  RowStats stats;
  std::vector<RowError> survey_errors;
  std::vector<RowError> errors;  // the last ones
  std::vector<WrittenSegment> segments;
  bool available = false;  // they are served when the report is told

  /// Druid's task report: the rows' counters and what could not be read. `state` is Druid's ingestionState; empty: that
  /// of a task which has ended.
  Json to_json(const std::string& task_id, const std::string& problem = {}, std::string_view state = {}) const;
};

/// `progress` may be empty; it is called now and then on the calling thread. Throws where input or output fail, and
/// where there are more unreadable rows than maxParseExceptions; then nothing is written, but `report`, where given,
/// has what there was until then.
IndexReport run_index_task(const IndexTask& task, const OutputLayout& layout,
                           const std::function<void(const IndexProgress&)>& progress = {},
                           IndexReport* report = nullptr);

}  // namespace sarsen::ingest
