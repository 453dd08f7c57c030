#pragma once
// Publishes closed sequences in the background, one after the other: their segments are merged and pushed, then all of
// them and the offsets become true in one transaction; each published segment is loaded and takes its sink's place in
// the timeline in one step. Queries see a row in the sink or in the segment, never in both and never in neither. A
// segment whose chunk was replaced meanwhile (useConcurrentLocks) is published in all versions that it has.
//
// What fails is tried again until completionTimeout; then, or where the store holds other offsets than those that the
// sequence began with or a lock is lost, the publisher fails, and nothing that comes later is published.
//
// Thread safety: push and begin_to_stop by any thread.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "ingest/supervisor/sequence.h"
#include "ingest/supervisor/supervisor_services.h"

namespace sarsen::ingest {

class SequencePublisher {
 public:
  /// On the publisher's thread. `published`: the offsets are committed. `failed`: it is over; `inconsistent`: by what
  /// the store holds.
  struct Listener {
    std::function<void(const Position&)> published;
    std::function<void()> idle;  // all that was pushed is published and served
    std::function<void(const std::string& reason, bool inconsistent)> failed;
  };

  /// REQUIRES: references outlive it.
  SequencePublisher(std::shared_ptr<const SupervisorSpec> spec, const SupervisorServices& services, ChunkLocks& locks,
                    std::string name, Listener listener);
  /// What is not published is dropped.
  ~SequencePublisher();
  SequencePublisher(const SequencePublisher&) = delete;
  SequencePublisher& operator=(const SequencePublisher&) = delete;

  void push(std::unique_ptr<Sequence> sequence);
  void begin_to_stop();
  /// All that was pushed is published and served.
  bool is_idle();
  /// Returns when nothing is being done any more.
  void stop();
  /// A publication was not answered: nobody knows yet whether it took place.
  bool is_uncertain() const noexcept { return uncertain_; }

 private:
  void work(const std::string& name);
  bool run(Sequence& sequence);
  void publish(Sequence& sequence);
  void push_segments(Sequence& sequence, std::vector<storage::SegmentDescriptor>& pushed);
  using Segments = std::vector<storage::SegmentDescriptor>;
  Segments commit(const Sequence& sequence, const Segments& segments);
  Segments publish(const Sequence& sequence, const Segments& segments);
  void hand_off(Sequence& sequence, const Segments& segments, const Segments& upgrades);
  void swap(Sequence::OpenSegment& open, const Segments& versions);
  void retry(std::int64_t deadline_ms, const std::function<void()>& step);
  void check_stopping();
  void pause(std::int64_t length_ms);

  const std::shared_ptr<const SupervisorSpec> spec_;
  const SupervisorServices& services_;
  ChunkLocks& locks_;
  const Listener listener_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Sequence>> sequences_;  // the first one is being worked on
  bool stopping_ = false;
  std::atomic<bool> uncertain_{false};
  std::thread thread_;
};

}  // namespace sarsen::ingest
