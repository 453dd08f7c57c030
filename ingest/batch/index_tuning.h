#pragma once
// The tuningConfig of index and index_parallel tasks. A value.

#include <cstddef>
#include <cstdint>
#include <limits>

#include "ingest/batch/partitions_spec.h"
#include "storage/base/json.h"
#include "storage/column/index_spec.h"

namespace sarsen::ingest {

struct IndexTuning {
  PartitionsSpec partitions;
  /// What rows may be in memory, of all segments together, before they go to disk for a while.
  std::uint64_t rows_in_memory_max = 1'000'000;
  std::uint64_t bytes_in_memory_max = std::uint64_t{512} << 20;  // 0: no limit
  storage::IndexSpec index_spec;
  /// Of what goes to disk for a while. Druid's default is indexSpec; here nothing is compressed, as it is read once.
  storage::IndexSpec intermediate_index_spec = storage::IndexSpec::scan();
  std::uint64_t parse_exceptions_max = std::numeric_limits<std::int32_t>::max();
  std::size_t saved_parse_exceptions_max = 10;
  bool log_parse_exceptions = false;
  bool awaits_availability = false;  // the report says whether what is published is served

  /// Absent: all defaults. Throws kInvalidInput naming the field.
  static IndexTuning parse(const JsonField& json);
};

/// The type of a task, or of its ioConfig and tuningConfig: index or index_parallel.
void check_index_type(const JsonField& json, bool required);

}  // namespace sarsen::ingest
