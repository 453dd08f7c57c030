#include "ingest/realtime/persist_queue.h"

#include <chrono>

#include "ingest/fault_point.h"
#include "ingest/incremental_index/persist.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/base/thread_priority.h"
#include "storage/segment/mapped_segment.h"

namespace sarsen::ingest {
namespace {

constexpr std::chrono::milliseconds kRetryFirst{200};
constexpr std::chrono::milliseconds kRetryMax{30'000};
constexpr std::uint32_t kTriesOnceFinishing = 3;

}  // namespace

PersistQueue::PersistQueue(PersistDirectory& directory, const storage::IndexSpec& index_spec, std::size_t pending_max,
                           std::string name, Position position, Listener listener)
    : directory_(directory),
      index_spec_(index_spec),
      pending_max_(pending_max),
      position_(std::move(position)),
      listener_(std::move(listener)),
      tries_left_(kTriesOnceFinishing),
      thread_([this, name = std::move(name)] { work(name); }) {}

PersistQueue::~PersistQueue() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void PersistQueue::push(Job job) {
  std::unique_lock lock(mutex_);
  // Jobs that only note first offsets are small and quick: they never wait.
  if (!job.parts.empty()) changed_.wait(lock, [this] { return jobs_.size() <= pending_max_ || failed_; });
  jobs_.push_back(std::move(job));
  changed_.notify_all();
}

void PersistQueue::begin_to_finish() {
  const std::lock_guard lock(mutex_);
  finishing_ = true;
  changed_.notify_all();
}

bool PersistQueue::finish() {
  begin_to_finish();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return jobs_.empty() || failed_; });
  return !failed_;
}

void PersistQueue::work(const std::string& name) {
  set_thread_name(name);
  set_thread_priority(ThreadPriority::kWriting);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    const Job& job = jobs_.front();  // push_back leaves it where it is
    lock.unlock();
    const bool done = run_until_done(job);
    lock.lock();
    failed_ = failed_ || !done;
    if (done) jobs_.pop_front();
    changed_.notify_all();
    if (!done) return;
  }
}

bool PersistQueue::run_until_done(const Job& job) {
  auto pause = kRetryFirst;
  while (true) {
    try {
      run(job);
      return true;
    } catch (const std::exception& error) {  // the rows stay in memory, whatever it was
      log_error("A persist failed; its rows stay in memory, and it is tried again: {}", error.what());
    }
    std::unique_lock lock(mutex_);
    if (finishing_ && tries_left_-- == 0) return false;
    const bool finishing = finishing_;
    changed_.wait_for(lock, finishing ? kRetryFirst : pause, [&] { return stopping_ || finishing_ != finishing; });
    if (stopping_) return false;
    pause = std::min(pause * 2, kRetryMax);
  }
}

std::vector<std::shared_ptr<const storage::Segment>> PersistQueue::write(const Job& job,
                                                                         std::map<Interval, std::uint32_t>& counts) {
  std::vector<std::shared_ptr<const storage::Segment>> segments;
  for (const Part& part : job.parts) {
    const Interval& interval = part.sink->id().interval;
    const auto path = directory_.hydrant_path(interval, part.frozen.number);
    directory_.clear_hydrant(interval, part.frozen.number);
    persist(*part.frozen.rows, path, index_spec_);
    segments.push_back(storage::open_segment(path));
    counts[interval] = part.frozen.number + 1;
    log_info("Persisted {} rows of segment[{}] to {}", part.frozen.rows->row_count(), part.sink->id().text(),
             path.string());
  }
  return segments;
}

Position PersistQueue::position_after(const Job& job) const {
  Position next = position_;
  if (!job.position.stream.empty()) next.stream = job.position.stream;
  for (const auto& [partition, offset] : job.first_offsets) next.next_offsets.try_emplace(partition, offset);
  for (const auto& [partition, offset] : job.position.next_offsets) next.next_offsets[partition] = offset;
  return next;
}

void PersistQueue::run(const Job& job) {
  fault_point("persist.begin");
  std::map<Interval, std::uint32_t> counts;
  auto segments = write(job, counts);
  PersistDirectory::Ends ends{.closed = {}, .handed_off = job.handed_off};
  for (const auto& sink : job.closed) ends.closed.insert(sink->id().interval);
  const Position next = position_after(job);
  fault_point("persist.written");
  directory_.commit(counts, next, ends);
  fault_point(job.handed_off.empty() ? "persist.committed" : "cleanup.committed");
  position_ = next;
  for (std::size_t i = 0; i < job.parts.size(); ++i)
    job.parts[i].sink->persisted(job.parts[i].frozen.number, std::move(segments[i]));
  for (const Interval& interval : job.handed_off) directory_.remove_sink(interval);
  tell(job);
}

void PersistQueue::tell(const Job& job) const {
  for (const auto& sink : job.closed) listener_.closed(sink, position_);
  try {
    if (listener_.committed) listener_.committed(position_);
  } catch (const std::exception& error) {  // for watchers only; the rows are safe
    log_warn("The source could not be told how far its rows are durable: {}", error.what());
  }
}

}  // namespace sarsen::ingest
