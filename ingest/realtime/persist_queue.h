#pragma once
// Persists in the background, one after the other: writes the hydrants of a job, commits them with the position, and
// only then shows the mapped files in place of the rows in memory and tells the source. A job that fails (a full disk)
// is tried again until it works: rows stay in memory and in answers meanwhile, and nothing behind it is committed.
//
// Thread safety: push by any thread, finish by one.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "ingest/position.h"
#include "ingest/realtime/persist_directory.h"
#include "ingest/realtime/sink.h"
#include "storage/column/index_spec.h"

namespace sarsen::ingest {

class PersistQueue {
 public:
  struct Part {
    std::shared_ptr<Sink> sink;
    Sink::Frozen frozen;
  };
  struct Job {
    std::vector<Part> parts;
    Position position;                          // how far the source was read when the parts were frozen
    StreamOffsets first_offsets;                // partitions seen for the first time: where they begin
    std::vector<std::shared_ptr<Sink>> closed;  // take no more rows: all they have is in parts, or on disk
    std::set<Interval> handed_off;              // sinks whose files are to be removed
  };

  /// Called on the queue's thread, when it is on disk.
  struct Listener {
    std::function<void(const Position&)> committed;
    std::function<void(const std::shared_ptr<Sink>&, const Position&)> closed;
  };

  /// `position` is what was restored.
  PersistQueue(PersistDirectory& directory, const storage::IndexSpec& index_spec, std::size_t pending_max,
               std::string name, Position position, Listener listener);
  /// Without finish(), jobs not yet begun are dropped.
  ~PersistQueue();
  PersistQueue(const PersistQueue&) = delete;
  PersistQueue& operator=(const PersistQueue&) = delete;

  /// Waits while more than `pending_max` jobs are before it: that is the back-pressure on the source.
  void push(Job job);

  /// From now on a job that fails is tried only a few times more, so that nobody waits for it without end. Any thread
  /// may call it.
  void begin_to_finish();

  /// Waits until all jobs are done, or one has failed for good. False where rows are not on disk.
  bool finish();

 private:
  void work(const std::string& name);
  void run(const Job& job);
  std::vector<std::shared_ptr<const storage::Segment>> write(const Job& job, std::map<Interval, std::uint32_t>& counts);
  Position position_after(const Job& job) const;
  void tell(const Job& job) const;
  bool run_until_done(const Job& job);

  PersistDirectory& directory_;
  const storage::IndexSpec index_spec_;
  const std::size_t pending_max_;
  Position position_;  // committed so far; the thread's
  const Listener listener_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;  // the first one is being worked on
  bool finishing_ = false;
  bool stopping_ = false;
  bool failed_ = false;
  std::uint32_t tries_left_;  // once finishing
  std::thread thread_;
};

}  // namespace sarsen::ingest
