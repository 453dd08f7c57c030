#pragma once
// Owns the sinks of one fire department: lets rows in by the rejection policy, finds their sink by time, persists, and
// serves all of it through the catalog. Sinks are announced once they are served.
//
// A sink past its window is closed: it takes no more rows, its last hydrant is persisted, and hand_off.h does the rest.
// Rows for it, or for a segment that was published before, are thrown away. Without a metadata store sinks stay as they
// are.
//
// Not thread-safe, begin_to_finish() apart: one writer, the chief thread.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ingest/position.h"
#include "ingest/realtime/announcer.h"
#include "ingest/realtime/clock.h"
#include "ingest/realtime/hand_off.h"
#include "ingest/realtime/persist_directory.h"
#include "ingest/realtime/persist_queue.h"
#include "ingest/realtime/realtime_spec.h"
#include "ingest/realtime/rejection_policy.h"
#include "ingest/realtime/sink.h"
#include "storage/segment/catalog.h"

namespace sarsen::ingest {

class Plumber {
 public:
  /// `persist_directory` is used where the spec names none. `committed` is called, on another thread, with positions
  /// whose rows are on disk. `hand_off` null: nothing is handed off. REQUIRES: all references outlive the plumber.
  Plumber(std::shared_ptr<const DataSchema> schema, const RealtimeTuning& tuning,
          const std::filesystem::path& persist_directory, FieldTable& fields, storage::Catalog& catalog,
          SegmentAnnouncer& announcer, Clock clock, std::function<void(const Position&)> committed,
          const HandOffServices* hand_off = nullptr);
  ~Plumber();
  Plumber(const Plumber&) = delete;
  Plumber& operator=(const Plumber&) = delete;

  /// Serves what earlier runs persisted, and gives the position to read on from. Called once, first. Throws where it
  /// cannot be read.
  Position restore();

  /// kThrownAway where the policy rejects the row.
  RowOutcome add(const RawRow& row, std::int64_t time_ms, std::vector<std::string>& problems);

  /// Makes the rows added so far visible.
  void flush();

  /// A partition is read for the first time, from this offset on: noted on disk, so that nothing is skipped after a
  /// crash.
  void note_first_offset(const std::string& stream, const StreamPartition& partition, std::int64_t offset);

  /// Messages were read, whether rows came of them or not: their position is persisted when the period is over.
  void note_progress() { dirty_ = true; }

  /// A sink has as many rows as it may.
  bool is_full() const noexcept { return full_; }
  /// Or the period since the last persist is over and there are rows to persist.
  bool persist_is_due() const;

  /// Freezes the live rows of all sinks and has them persisted in the background, with the position reached. Waits
  /// while too many persists are pending.
  void persist(const Position& position);

  /// To be called now and then, after flush(): closes the sinks that are past their window.
  void advance_hand_off(const Position& position);

  /// The source has no more rows: all sinks are closed, whatever their window, and on their way to be handed off.
  void end(const Position& position);

  /// Ends waits for a persist that does not succeed. The only method that any thread may call, once restore() has
  /// returned.
  void begin_to_finish();

  /// Persists what is left and waits for it. False where rows could not be written; they are read again after the next
  /// start.
  bool finish(const Position& position);

  const std::map<std::int64_t, std::shared_ptr<Sink>>& sinks() const noexcept { return sinks_; }

 private:
  /// Null: the segment is closed.
  Sink* sink_of(std::int64_t time_ms, const Interval& interval);
  bool is_closed(const Interval& interval);
  void restore_sinks(PersistDirectory::Restored& restored, const Position& position);
  void start_queues(const Position& position);
  std::vector<std::shared_ptr<Sink>> take_past_window();
  void close(std::vector<std::shared_ptr<Sink>> sinks, const Position& position);
  void persist(const Position& position, std::vector<std::shared_ptr<Sink>> closed);
  void forget(const Sink& sink);
  void serve(const std::shared_ptr<Sink>& sink);
  storage::SegmentId segment_id(const Interval& interval) const;

  const std::shared_ptr<const DataSchema> schema_;
  const RealtimeTuning tuning_;
  FieldTable& fields_;
  storage::Catalog& catalog_;
  SegmentAnnouncer& announcer_;
  const Clock clock_;
  const std::function<void(const Position&)> committed_;
  PersistDirectory directory_;
  std::unique_ptr<RejectionPolicy> policy_;
  std::map<std::int64_t, std::shared_ptr<Sink>> sinks_;  // by start
  Sink* last_sink_ = nullptr;                            // rows mostly go where the one before went
  std::vector<Sink*> touched_;                           // since the last flush; one may be there twice
  bool full_ = false;                                    // some sink has reached rows_in_memory_max
  bool dirty_ = false;                                   // something was read since the last persist
  std::int64_t next_persist_ms_ = 0;
  const HandOffServices* const services_;
  std::set<std::int64_t> closed_;             // starts of segments that take no rows
  std::vector<std::weak_ptr<Sink>> closing_;  // not in sinks_ any more, but perhaps still served
  std::unique_ptr<HandOff> hand_off_;         // both after restore()
  std::unique_ptr<PersistQueue> queue_;
};

}  // namespace sarsen::ingest
