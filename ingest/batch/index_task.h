#pragma once
// The tasks index and index_parallel: rows of an input source to V9 segments, one set of partitions per segment
// interval. Both types do the same here, in one process.
//
// Rows of an interval gather in a live index until it has maxRowsPerSegment rows (after rollup), which then becomes the
// next partition. Nothing of the output is to be seen before all of it is written.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "ingest/batch/input_source.h"
#include "ingest/batch/segment_output.h"
#include "ingest/row/data_schema.h"
#include "ingest/row/row_counts.h"
#include "storage/base/json.h"
#include "storage/column/index_spec.h"
#include "storage/segment/segment.h"

namespace sarsen::ingest {

struct IndexTuning {
  std::uint32_t rows_per_segment_max = 5'000'000;
  std::uint64_t total_rows_max = 20'000'000;  // in memory, of all intervals together: then all become partitions
  storage::IndexSpec index_spec;
  std::uint64_t parse_exceptions_max = std::numeric_limits<std::uint64_t>::max();
  std::size_t saved_parse_exceptions_max = 10;
};

struct IndexTask {
  std::shared_ptr<const DataSchema> schema;  // with its input_format
  InputSource input;
  bool append = false;
  IndexTuning tuning;

  /// Throws kInvalidInput naming the field, kUnsupported naming what is understood but not built.
  static IndexTask parse(const Json& json, const std::filesystem::path& base_directory);
};

struct IndexProgress {
  std::uint64_t rows = 0;  // read, whatever became of them
  std::uint64_t bytes = 0;
  std::uint64_t bytes_total = 0;
  bool writing = false;  // all is read
};

struct IndexReport {
  RowStats stats;
  std::vector<RowError> errors;  // the last ones
  std::vector<WrittenSegment> segments;
};

/// `progress` may be empty; it is called now and then on the calling thread. Throws where input or output fail, and
/// where there are more unreadable rows than maxParseExceptions; then nothing is written.
IndexReport run_index_task(const IndexTask& task, const OutputLayout& layout,
                           const std::function<void(const IndexProgress&)>& progress = {});

}  // namespace sarsen::ingest
