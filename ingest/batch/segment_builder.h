#pragma once
// Rows to segments: those of one bucket of an interval gather in a live index. When there are too many rows in memory
// all indexes go to disk, and at the end the pieces of a segment are merged, so that memory is bounded whatever the
// input. They go in the background, one lot at a time: what is in memory is at most twice the limit. Not thread-safe.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ingest/batch/index_tuning.h"
#include "ingest/batch/partitioner.h"
#include "ingest/batch/segment_output.h"
#include "ingest/incremental_index/incremental_index.h"

namespace sarsen::ingest {

class SegmentBuilder {
 public:
  /// `partitioner`: nullptr for dynamic partitions. REQUIRES: all but the schema outlive it.
  SegmentBuilder(std::shared_ptr<const DataSchema> schema, const IndexTuning& tuning, FieldTable& fields,
                 Partitioner* partitioner, SegmentOutput& output);

  /// Called now and then while segments are written; it may throw.
  void on_step(std::function<void()> step) { step_ = std::move(step); }

  /// Adds a row of the interval.
  RowOutcome add(const Interval& interval, const RawRow& row, std::int64_t time_ms, std::vector<std::string>& problems);

  /// The rows added so far become segments of the output.
  void finish();

 private:
  struct Building {
    std::unique_ptr<IncrementalIndex> index;
    std::vector<std::filesystem::path> pieces;  // on disk
    std::uint64_t rows_on_disk = 0;             // of the pieces

    std::uint64_t row_count() const { return rows_on_disk + (index ? index->row_count() : 0); }
  };
  using Key = std::pair<Interval, std::uint32_t>;  // and bucket
  struct Spill {
    std::shared_ptr<const LiveSegment> rows;
    std::filesystem::path path;
  };

  Building& building(const Key& key);
  void note_growth(IncrementalIndex& index);
  void make_room(const Building& into);
  bool segment_is_full(const Building& building) const;
  bool memory_is_full() const;
  void spill_all();
  void spill(Building& building);
  /// Begins when what was spilled before is on disk.
  void begin_spills();
  /// Throws where the disk refused.
  void wait_for_spills();
  void write(const Key& key, Building& building);
  void write_index(const Key& key, const Building& building);
  void write_merged(const Key& key, Building& building);
  SegmentOutput::ShardSpec shard_spec(const Key& key) const;

  const std::shared_ptr<const DataSchema> schema_;
  const IndexTuning& tuning_;
  FieldTable& fields_;
  Partitioner* const partitioner_;
  SegmentOutput& output_;
  TemporaryDirectory spill_directory_;
  std::uint32_t spill_count_ = 0;
  std::map<Key, Building> building_;
  std::vector<DimensionSchema> known_dimensions_;
  std::uint64_t adds_ = 0;
  std::uint64_t rows_in_memory_ = 0;
  std::uint64_t rows_ = 0;  // on disk, too
  std::function<void()> step_;
  std::vector<Spill> to_spill_;
  std::future<void> spilling_;  // the last member: it ends before what it uses
};

}  // namespace sarsen::ingest
