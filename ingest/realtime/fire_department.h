#pragma once
// One element of the realtime spec at work: its thread, chief-<dataSource>, takes batches from the source, makes rows
// of them and gives them to the plumber. Every row ends in exactly one counter, but for those that a firehose `clipped`
// leaves out.
//
// Exactly once: the position reached is frozen together with the rows, and stored with them; a start reads on from
// there. When a bounded source is used up, all its rows are handed off, whatever their window.
// Thread safety: start and stop by one thread; the counters from any.

#include <atomic>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "ingest/next_offsets.h"
#include "ingest/realtime/announcer.h"
#include "ingest/realtime/clock.h"
#include "ingest/realtime/plumber.h"
#include "ingest/realtime/realtime_spec.h"
#include "ingest/row/row_counts.h"
#include "ingest/row/row_reader.h"
#include "ingest/source.h"
#include "ingest/transform/row_intake.h"
#include "storage/segment/catalog.h"

namespace sarsen::ingest {

struct FireDepartmentOptions {
  std::filesystem::path persist_directory;  // where the spec names none
  Clock clock = system_clock_ms;
  const HandOffServices* hand_off = nullptr;  // null: segments stay here when their time is over
};

class FireDepartment {
 public:
  /// REQUIRES: `catalog` and `announcer` outlive it.
  FireDepartment(FireDepartmentSpec spec, std::unique_ptr<Source> source, storage::Catalog& catalog,
                 SegmentAnnouncer& announcer, FireDepartmentOptions options);
  /// Stops.
  ~FireDepartment();
  FireDepartment(const FireDepartment&) = delete;
  FireDepartment& operator=(const FireDepartment&) = delete;

  /// Serves what was persisted before, then starts to read. Throws where that is unreadable or the source's settings
  /// are wrong.
  void start();

  /// Closes the source, takes what it has promised to keep and no more, persists the rows there are, and returns when
  /// that is done; they are served until destruction.
  void stop();

  const std::string& data_source() const noexcept { return spec_.schema->data_source; }
  RowStats stats() const noexcept { return counts_.stats(); }
  std::vector<RowError> errors() const { return counts_.errors(); }
  /// True once the chief has ended: stopped, a bounded source used up, or failed (which is in the log).
  bool ended() const noexcept { return ended_.load(); }

 private:
  void run();
  void read_to_the_end();
  void take_rest();
  void keep_rows();
  void finish();
  void take(const Batch& batch);
  void take(const Message& message);
  void take_bytes(const Message& message);
  void take_record(std::string_view record);
  void take_values(const NamedValues& values);
  void take_row(RawRow& row);
  std::int64_t& next_offset(const Message& message);
  bool within_limits(std::int64_t time_ms);
  void count_against_limits();
  void count_problem(RowOutcome outcome, std::vector<std::string> details);

  const FireDepartmentSpec spec_;
  const std::unique_ptr<Source> source_;
  FieldTable fields_;
  RowCounts counts_;
  Plumber plumber_;
  RowIntake intake_;
  std::unique_ptr<RowReader> reader_;
  RowSink take_row_;
  RawRow row_;                         // of values that came with their names
  std::string_view message_;           // being taken
  std::vector<std::string> problems_;  // scratch
  Position position_;                  // reached by the chief
  NextOffsets next_offsets_;
  const Batch* batch_ = nullptr;  // being taken
  bool replaying_ = false;        // what is read now makes no rows
  std::atomic<bool> stopping_{false};
  std::atomic<bool> ended_{false};
  std::thread chief_;
};

}  // namespace sarsen::ingest
