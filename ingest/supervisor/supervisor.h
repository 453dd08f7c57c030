#pragma once
// A supervisor at work: its thread looks at the stream once a period, shares the partitions out over task groups
// (partition % taskCount), keeps one task reading for each of them, and has tasks publish once they have read for
// taskDuration. With an autoscaler taskCount follows what is measured: all tasks publish, and groups are made anew. The
// next task of a group begins where the one before stopped reading, while that one still publishes. A task that fails
// is replaced, from the offsets that are published.
//
// Thread safety: all methods from any thread; none waits for tasks, but the destructor.

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "ingest/supervisor/reading_task.h"
#include "ingest/supervisor/supervisor_services.h"
#include "ingest/supervisor/supervisor_state.h"
#include "ingest/tasks/task_status.h"

namespace sarsen::ingest {

class Supervisor {
 public:
  /// Stores what a supervisor has changed of its own specification. On its thread.
  using KeepSpec = std::function<void(const Supervisor&, const SupervisorSpec&)>;

  /// `before`: the one whose place it takes; it begins when that one's tasks have ended. REQUIRES: `services` outlives
  /// it.
  Supervisor(std::shared_ptr<const SupervisorSpec> spec, const SupervisorServices& services,
             std::shared_ptr<Supervisor> before, KeepSpec keep_spec);
  /// Tasks are aborted; what they have not published is read again after the next start.
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// As it began.
  const SupervisorSpec& spec() const noexcept { return *spec_; }
  /// With the present number of tasks.
  std::shared_ptr<const SupervisorSpec> present_spec() const;

  /// Its tasks publish what they have; no new ones come.
  void end();
  /// end() was called, and all is published.
  bool ended() const;

  SupervisorState state() const;
  /// Druid's report: {"id","generationTime","payload":{…}}.
  Json status() const;
  /// {"<group>":{"<task>":{"movingAverages":…,"totals":…}}}
  Json stats() const;
  /// Of the tasks that are reading, the newest first.
  Json parse_errors() const;

  /// Gives up all stored offsets, or sets those of some partitions. Tasks that read them are aborted.
  void reset();
  void reset_offsets(const Position& offsets);
  /// These task groups publish now.
  void hand_off(const std::set<std::uint32_t>& groups);

  std::vector<TaskStatus> tasks() const;
  std::optional<Json> task_payload(const std::string& id) const;
  std::optional<Json> task_report(const std::string& id) const;
  bool shutdown_task(const std::string& id, const std::string& reason);

 private:
  struct Entry {
    std::shared_ptr<ReadingTask> task;
    bool finishing = false;  // it was told to
    bool continued = false;  // where it stopped reading is known, and the next one may begin there
  };
  using Ranges = std::map<StreamPartition, OffsetRange>;
  struct Request {
    bool all = false;  // else these partitions
    Position offsets;
  };

  // --- the supervisor's thread
  void run();
  bool wait_to_begin();
  void clear_leftovers();
  void tick();
  void look_after_tasks();
  void look();
  void note_stream_failure(const std::string& exception_class, const std::string& message);
  void look_at_idleness(const Position& stored);
  void maintain();
  std::vector<std::shared_ptr<ReadingTask>> reap();
  void note_continuations();
  void note_failure(const Entry& entry, const ReadingTask::Progress& progress);
  void note_given_up(const ReadingTask::Progress& progress, const std::set<StreamPartition>& failed);
  void handle_requests();
  void handle(const Request& request);
  bool roll_over();
  void finish_tasks(const std::set<std::uint32_t>* groups);
  void scale();
  void scale_at_roll_over();
  void change_task_count(std::uint32_t task_count);
  void create_missing();
  std::optional<Position> start_of(std::uint32_t group);
  std::int64_t start_of(const StreamPartition& partition, const Position& stored);
  void check_available(const StreamPartition& partition, std::int64_t offset);
  void give_up(const StreamPartition& partition);
  void remember_first_offsets(const Position& start);
  void create(std::uint32_t group, const Position& start);
  std::int64_t next_wake_ms() const;

  std::uint32_t group_of(const StreamPartition& partition) const;
  bool wants_tasks() const;
  Position stored_offsets() const;
  // --- with mutex_ held
  Position current_offsets(Position stored) const;
  std::optional<std::vector<std::int64_t>> lags(const Position& stored) const;
  ScalingMetrics scaling_metrics(const Position& stored) const;
  std::optional<std::uint32_t> publishing_tasks_max() const;
  Json payload(const Position& stored) const;
  void log_lag(const Position& stored) const;
  std::shared_ptr<ReadingTask> find(const std::string& id) const;

  const std::shared_ptr<const SupervisorSpec> spec_;
  const SupervisorServices& services_;
  std::shared_ptr<Supervisor> before_;
  const KeepSpec keep_spec_;
  const std::unique_ptr<Stream> stream_;

  /// Tasks ring it with locks of their own held: its lock comes last.
  struct Bell {
    std::mutex mutex;
    std::condition_variable changed;
    bool rung = false;
  };
  void ring();
  void wait_for_bell(std::int64_t length_ms);
  Bell bell_;

  mutable std::mutex mutex_;  // guards what follows; not held while anything is waited for
  bool stopping_ = false;
  bool ending_ = false;
  bool ended_ = false;
  SupervisorStateMachine state_;
  std::vector<Entry> entries_;    // in the order in which they were made
  StreamOffsets continuation_;    // where the next task of a partition begins
  std::optional<Ranges> ranges_;  // of the stream, when last looked at
  std::int64_t ranges_time_ms_ = 0;
  std::set<StreamPartition> partitions_;        // that are shared out
  std::set<StreamPartition> first_partitions_;  // that were there at the first look
  std::set<std::uint32_t> held_back_;           // groups whose task failed, until the next period
  std::vector<Request> requests_;
  std::set<std::uint32_t> hand_off_wanted_;
  std::shared_ptr<const SupervisorSpec> present_spec_;
  bool regrouping_ = false;              // tasks of another taskCount read still
  std::vector<TaskStatus> ended_tasks_;  // the newest last
  std::int64_t next_tick_ms_ = 0;
  std::unique_ptr<AutoScaler> scaler_;  // from the first run on
  // Idleness.
  std::int64_t last_active_ms_ = 0;
  std::optional<Ranges> ranges_before_;
  std::thread thread_;
};

}  // namespace sarsen::ingest
