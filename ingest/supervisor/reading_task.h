#pragma once
// One task of a supervisor, as Druid counts them: it reads some partitions from given offsets on, serves the rows,
// publishes what it has whenever that is enough rows, and, once told to finish, publishes the rest and ends. What it
// has not published when it fails or is destroyed is read again by another one.
//
// Thread safety: start by one thread, once; all else from any thread.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "ingest/next_offsets.h"
#include "ingest/row/row_counts.h"
#include "ingest/stream.h"
#include "ingest/supervisor/ingestion_rates.h"
#include "ingest/supervisor/poll_idle_ratio.h"
#include "ingest/supervisor/record_rows.h"
#include "ingest/supervisor/row_window.h"
#include "ingest/supervisor/sequence_publisher.h"
#include "ingest/supervisor/supervisor_state.h"
#include "ingest/supervisor/task_note.h"
#include "ingest/transform/row_intake.h"

namespace sarsen::ingest {

struct ReadingTaskOptions {
  std::uint32_t group = 0;
  std::string base_sequence_name;
  std::string id;
  Position start;
  /// Something has changed that its supervisor may want to look at. On any thread.
  std::function<void()> changed;
};

class ReadingTask {
 public:
  enum class State : std::uint8_t { kReading, kPublishing, kSucceeded, kFailed };

  /// REQUIRES: `services` and `stream` outlive it.
  ReadingTask(std::shared_ptr<const SupervisorSpec> spec, const SupervisorServices& services, Stream& stream,
              ReadingTaskOptions options);
  /// Aborts.
  ~ReadingTask();
  ReadingTask(const ReadingTask&) = delete;
  ReadingTask& operator=(const ReadingTask&) = delete;

  void start();
  /// Reads no more, publishes what it has, and succeeds.
  void finish();
  /// Ends as soon as it can, as failed; what is not published is dropped.
  void abort(const std::string& reason);

  const std::string& id() const noexcept { return options_.id; }
  const std::string& base_sequence_name() const noexcept { return options_.base_sequence_name; }
  std::uint32_t group() const noexcept { return options_.group; }
  const Position& start_position() const noexcept { return options_.start; }
  const SupervisorSpec& spec() const noexcept { return *spec_; }
  std::int64_t created_ms() const noexcept { return created_ms_; }

  /// As of one moment.
  struct Progress {
    State state = State::kReading;
    Position current;    // taken so far
    Position published;  // committed so far
    std::int64_t publishing_since_ms = 0;
    std::int64_t ended_ms = 0;
    std::string error;          // why it failed
    bool inconsistent = false;  // it failed because the store holds other offsets than it began with
    /// What it waits out at present: an offset that is not there, or another task's lock.
    std::optional<SupervisorError> trouble;
    /// Asked for by a partition whose offset is gone, with resetOffsetAutomatically.
    std::optional<StreamPartition> reset_wanted;
  };
  Progress progress() const;
  RowStats stats() const noexcept { return counts_.stats(); }
  std::vector<RowError> errors() const { return counts_.errors(); }
  const IngestionRates& rates() const noexcept { return rates_; }
  std::optional<double> idle_ratio() const { return idle_ratio_.value(); }

 private:
  void run();
  void read();
  void poll(Source& source);
  Batch wait_for_messages(Source& source);
  void wait_out(const OffsetOutOfRange& error);
  void note_wait(const std::string& reason);
  void take(const Batch& batch);
  void take(const Message& message);
  void take_row(RawRow& row);
  void count_problem(RowOutcome outcome, std::vector<std::string> details);
  void cut_if_due();
  void open_sequence();
  void close_sequence();
  void end_reading();
  void fail(const std::string& reason, bool inconsistent);
  void set_state(State state);
  void discard_pending();
  bool should_read() const noexcept { return !finishing_ && !stopping_; }

  const std::shared_ptr<const SupervisorSpec> spec_;
  const SupervisorServices& services_;
  Stream& stream_;
  const ReadingTaskOptions options_;
  const std::int64_t created_ms_;

  TaskNote note_;     // outlives the locks
  ChunkLocks locks_;  // given back when all is over

  // The reader's.
  FieldTable fields_;
  RowIntake intake_;
  RecordRows records_;
  RowSink take_row_;
  RecordRows::Problem take_problem_;
  const Message* message_ = nullptr;   // being taken
  std::vector<std::string> problems_;  // scratch
  Position position_;
  NextOffsets next_offsets_;
  RowWindow window_;
  std::uint32_t sequences_ = 0;
  std::unique_ptr<Sequence> sequence_;

  RowCounts counts_;
  IngestionRates rates_;
  PollIdleRatio idle_ratio_;
  std::atomic<bool> finishing_{false};
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;  // guards what follows up to source_
  std::condition_variable woken_;
  Progress progress_;
  Sequence* writing_ = nullptr;  // sequence_: a reader that waits for its persists is to be woken
  std::shared_ptr<Source> source_;
  std::unique_ptr<SequencePublisher> publisher_;
  std::thread thread_;
};

}  // namespace sarsen::ingest
