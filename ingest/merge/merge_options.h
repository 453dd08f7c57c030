#pragma once
// What a merge is asked for, and what it did. Values.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/aggregator/aggregator.h"
#include "engine/filter/filter.h"
#include "engine/time/granularity.h"
#include "storage/base/interval.h"
#include "storage/column/index_spec.h"

namespace sarsen::ingest {

struct RowRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

struct MergeOptions {
  /// Rows with equal times and dimensions become one. Unset: as the segments' metadata say, and a single segment keeps
  /// its rows.
  std::optional<bool> rollup = {};
  /// The metrics as they were ingested, or in combining form. Unset: those of the segments' metadata.
  std::optional<engine::AggregatorFactories> metrics = {};
  /// Times are truncated to it; null: they stay as they are.
  std::shared_ptr<const engine::Granularity> query_granularity = {};
  /// Rows outside are left out.
  std::optional<Interval> interval = {};
  /// The same for each segment: the part of its time in which it answers. Empty: all of it.
  std::vector<Interval> intervals = {};
  /// Rows that do not pass are left out; null: all pass. It may read columns that are not merged.
  engine::FilterPtr filter = {};
  /// Of a single segment: only these rows, by number.
  std::optional<RowRange> rows = {};
  /// The order of dimensions where the segments' own orders contradict each other. Names of other columns are ignored.
  std::vector<std::string> dimension_order = {};
  /// Rows are sorted by these dimensions before the time, as far as the merged order begins with them. Unset: as the
  /// segments say.
  std::optional<std::vector<std::string>> before_time = {};
  /// Dimensions that are written without bitmap index, even if every stored segment has one.
  std::set<std::string> without_bitmap_index = {};
  storage::IndexSpec index_spec = {};
  /// Called now and then with what is done and what there is to do, in no particular unit.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};
};

struct MergeReport {
  std::uint64_t rows_in = 0;  // within the interval
  std::uint32_t rows_out = 0;
  std::uint64_t bytes_in = 0;  // of whole segments, as stored
  std::uint64_t bytes_out = 0;
  bool rollup = false;
  Interval interval;
  /// What the segments hold and the new one does not, a sentence each.
  std::vector<std::string> notes;
};

}  // namespace sarsen::ingest
