#pragma once
// A stretch of the stream that is published as a whole: the segments that its rows go into, one for each time chunk,
// served while they grow. Persisted rows are on disk to save memory; they count for nothing until they are published,
// and a restart reads them again.
//
// Thread safety: one thread at a time, the reader's, then the publisher's.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ingest/position.h"
#include "ingest/realtime/persist_directory.h"
#include "ingest/realtime/persist_queue.h"
#include "ingest/realtime/sink.h"
#include "ingest/row/field_table.h"
#include "ingest/supervisor/chunk_locks.h"
#include "ingest/supervisor/supervisor_services.h"

namespace sarsen::ingest {

class Sequence {
 public:
  /// `name`: unique among those that are at work. REQUIRES: references outlive it.
  Sequence(std::shared_ptr<const SupervisorSpec> spec, const SupervisorServices& services, ChunkLocks& locks,
           std::string name, FieldTable& fields, Position start);
  /// Nothing of it is served any more but what was published; its files are removed.
  ~Sequence();
  Sequence(const Sequence&) = delete;
  Sequence& operator=(const Sequence&) = delete;

  struct OpenSegment {
    std::shared_ptr<Sink> sink;
    std::uint32_t core_partitions = 0;
    std::uint64_t frozen_rows = 0;
    std::size_t live_bytes = 0;  // as of the last flush
    bool served = true;          // by the sink
    std::uint64_t rows() const noexcept { return frozen_rows + sink->live().row_count(); }
  };

  const std::string& name() const noexcept { return name_; }
  const Position& start() const noexcept { return start_; }
  std::int64_t created_ms() const noexcept { return created_ms_; }

  // --- the reader's
  /// Waits for the lock of the time's chunk. Throws where no segment can be had for the time.
  RowOutcome add(const RawRow& row, std::int64_t time_ms, std::vector<std::string>& problems);
  /// Makes the rows added so far visible.
  void flush();
  /// A segment, or all of them, have as many rows as they may.
  bool is_full() const noexcept { return full_; }
  /// There are as many rows, or bytes, in memory as there may be.
  bool memory_is_full() const noexcept { return memory_full_; }
  /// Or the period since the last persist is over.
  bool persist_is_due() const;
  void persist(const Position& position);
  /// No more rows come; what there are are persisted in the background.
  void close(const Position& end);

  // --- the publisher's, after close()
  const Position& end() const noexcept { return end_; }
  /// Waits until all rows are on disk. False where they cannot be.
  bool wait_for_persists() { return queue_->finish(); }
  std::vector<OpenSegment*> segments();
  std::filesystem::path merged_path(const OpenSegment& segment) const;
  /// The published segment has taken the sink's place, under all of its ids.
  void handed_off(OpenSegment& segment);

  /// Ends waits for a persist that does not succeed. From any thread.
  void begin_to_stop() { queue_->begin_to_finish(); }

 private:
  OpenSegment& segment_of(std::int64_t time_ms);
  OpenSegment& open_segment(std::int64_t time_ms);
  AllocatedSegment allocate(std::int64_t time_ms);
  AllocationRequest request_for(std::int64_t time_ms) const;
  void serve(const OpenSegment& segment);
  void serve_upgrades(const storage::SegmentId& id);
  void stop_serving();
  void note_growth(IncrementalIndex& index);
  bool has_many_rows(const OpenSegment& segment) const;
  bool memory_has_many_rows() const;
  void check_limits(const OpenSegment& segment);
  void note_bytes(OpenSegment& segment);

  const std::shared_ptr<const SupervisorSpec> spec_;
  const SupervisorServices& services_;
  ChunkLocks& locks_;
  const std::string name_;
  FieldTable& fields_;
  const Position start_;
  Position end_;
  const std::int64_t created_ms_;
  const std::filesystem::path directory_;
  PersistDirectory persists_;
  std::unique_ptr<PersistQueue> queue_;
  std::map<Interval, OpenSegment> segments_;  // one may lie within another: chunks become larger when they are replaced
  std::int64_t longest_ms_ = 0;               // of their intervals
  OpenSegment* last_ = nullptr;               // rows mostly go where the one before went
  std::vector<OpenSegment*> touched_;         // since the last flush; one may be there twice
  std::uint64_t rows_ = 0;
  std::uint64_t live_rows_ = 0;  // in memory
  std::size_t live_bytes_ = 0;   // of all segments
  bool full_ = false;
  bool memory_full_ = false;
  bool dirty_ = false;
  std::int64_t next_persist_ms_;
};

}  // namespace sarsen::ingest
