#pragma once
// The live index of one segment: rows are added, rolled up where the schema says so, and can be queried at once. Rollup
// is aggregation: rows that agree in truncated time and all dimensions are one row, whose metrics are states of the
// same aggregators that queries use.
//
// Input is taken in batches: add() sorts out dimensions and keeps the inputs of metrics, flush() aggregates them and
// publishes. A full batch is flushed by itself; the caller flushes when it has no more rows at hand. Within a batch
// some rows wait for their keys (live_dimension.h), so that until settle() nobody knows whether rollup unites them.
//
// Thread safety: one writer calls everything; snapshot() may be called from any thread.

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/aggregator/aggregator_set.h"
#include "ingest/incremental_index/index_rows.h"
#include "ingest/incremental_index/input_batch.h"
#include "ingest/incremental_index/live_segment.h"
#include "ingest/incremental_index/spatial_dimensions.h"
#include "ingest/row/data_schema.h"
#include "ingest/row/field_table.h"
#include "ingest/row/raw_row.h"
#include "ingest/row/row_counts.h"
#include "storage/base/large_array.h"

namespace sarsen::ingest {

class IncrementalIndex {
 public:
  /// `fields` numbers the rows' fields: the parser that makes the rows uses it too; it must outlive the index. `known`
  /// are dimensions discovered earlier, which keep their order.
  IncrementalIndex(std::shared_ptr<const DataSchema> schema, FieldTable& fields, Interval interval,
                   const std::vector<DimensionSchema>& known = {});
  ~IncrementalIndex();
  IncrementalIndex(const IncrementalIndex&) = delete;
  IncrementalIndex& operator=(const IncrementalIndex&) = delete;

  /// Adds a row of the segment's interval: `time_ms` as it came, not truncated. Columns that cannot be read become null
  /// and are named in `problems`: then the outcome is kProcessedWithError, else kProcessed.
  RowOutcome add(const RawRow& row, std::int64_t time_ms, std::vector<std::string>& problems);

  /// Makes all rows added so far visible.
  void flush();

  /// Rows after rollup, those not yet visible too; before settle() perhaps more, as if none of those in waiting were
  /// united.
  std::uint32_t row_count() const noexcept { return rows_->times_ms.size() + waiting_; }
  /// Gives the rows in waiting their keys.
  void settle();
  /// Whether there are so many rows; settles where that depends on it.
  bool has_rows(std::uint64_t count) {
    if (row_count() < count) return false;
    settle();
    return row_count() >= count;
  }
  /// By how much row_count() has changed since the last call; less than zero where rows in waiting were united.
  std::int64_t take_growth() noexcept;
  std::size_t size_bytes() const noexcept;
  const Interval& interval() const noexcept { return rows_->interval; }
  std::vector<DimensionSchema> dimensions() const;

  /// The visible rows. While nothing is added, calls give the same segment.
  std::shared_ptr<const LiveSegment> snapshot() const;

 private:
  enum class FieldUse : std::uint8_t { kUnknown, kDimension, kIgnored };

  void add_dimension(const DimensionSchema& schema);
  void take_dimensions(const RawRow& row, std::vector<std::string>& problems);
  void discover(const RawRow& row);
  void discover(std::uint32_t field, bool listed);
  const RawValue& value_of(std::size_t dimension, const RawRow& row) const noexcept;
  void append(std::uint32_t begin, std::uint32_t end);
  void roll_up(std::uint32_t count);
  std::uint32_t row_of(std::uint32_t place, std::uint32_t hash);
  bool has_keys(std::uint32_t row, std::uint32_t place) const noexcept;
  void grow_slots();
  void bind_metrics();
  void fold_checked(std::vector<std::string>& problems);
  void publish();

  FieldTable& fields_;
  const std::shared_ptr<IndexRows> rows_;
  SpatialDimensions spatial_;
  std::vector<std::uint32_t> dimension_fields_;                            // by dimension
  std::vector<FieldUse> field_uses_;                                       // by field, for discovery
  std::array<std::int64_t, LiveDimension::kWaitingMax> waiting_times_ms_;  // by place
  std::uint32_t waiting_ = 0;                                              // rows that have no keys yet
  std::uint32_t row_count_told_ = 0;                                       // by take_growth()

  /// Rollup: open addressing by hash of the keys; a slot holds row + 1, or 0.
  struct Slot {
    std::uint32_t row = 0;
    std::uint32_t hash = 0;
  };
  using Slots = std::span<Slot>;  // a power of two
  static LargeArray<Slot> make_slots(std::size_t count);

  LargeArray<Slot> slot_array_;
  Slots slots_;

  InputBatch batch_;
  struct BoundMetric {
    std::unique_ptr<engine::Aggregator> aggregator;
    std::size_t offset;  // of its state in a row of states
  };
  std::vector<BoundMetric> numeric_metrics_;  // folded batch by batch
  std::vector<BoundMetric> complex_metrics_;  // folded row by row: only folding tells whether an input can be read
  std::vector<std::uint32_t> groups_;         // the rows of the batch's inputs

  std::int64_t min_time_ms_;
  std::int64_t max_time_ms_;
  std::int64_t last_time_ms_;
  bool sorted_by_time_ = true;

  mutable std::mutex published_mutex_;  // guards what follows; never held while rows are read or added
  Published published_;
  mutable std::shared_ptr<const LiveSegment> snapshot_;
};

}  // namespace sarsen::ingest
