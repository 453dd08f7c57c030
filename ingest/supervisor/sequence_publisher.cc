#include "ingest/supervisor/sequence_publisher.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "ingest/deep_storage/served_swap.h"
#include "ingest/fault_point.h"
#include "ingest/realtime/merged_segment.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/base/thread_priority.h"
#include "storage/segment/segment_descriptor.h"

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kRetryFirstMs = 50;
constexpr std::int64_t kRetryMaxMs = 10'000;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

/// Ends what nobody waits for any more.
struct Stopped {};

/// The store holds other offsets, or a lock is lost: no repetition can help.
struct Final {
  std::string reason;
  bool inconsistent;
};

/// The versions of a segment that were replaced by the others. Returns their ids.
std::vector<storage::SegmentId> remove_hidden(storage::Timeline& timeline,
                                              const std::vector<storage::TimelineEntry>& versions) {
  std::vector<storage::SegmentId> hidden = hidden_segments(timeline);
  std::erase_if(hidden, [&](const storage::SegmentId& id) {
    return std::none_of(versions.begin(), versions.end(), [&](const auto& version) { return version.id == id; });
  });
  for (const storage::SegmentId& id : hidden) timeline.remove(id);
  return hidden;
}

}  // namespace

SequencePublisher::SequencePublisher(std::shared_ptr<const SupervisorSpec> spec, const SupervisorServices& services,
                                     ChunkLocks& locks, std::string name, Listener listener)
    : spec_(std::move(spec)),
      services_(services),
      locks_(locks),
      listener_(std::move(listener)),
      thread_([this, name = std::move(name)] { work(name); }) {}

SequencePublisher::~SequencePublisher() { stop(); }

void SequencePublisher::stop() {
  begin_to_stop();
  if (thread_.joinable()) thread_.join();
}

void SequencePublisher::push(std::unique_ptr<Sequence> sequence) {
  const std::lock_guard lock(mutex_);
  sequences_.push_back(std::move(sequence));
  changed_.notify_all();
}

void SequencePublisher::begin_to_stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (const auto& sequence : sequences_) sequence->begin_to_stop();
  changed_.notify_all();
}

bool SequencePublisher::is_idle() {
  const std::lock_guard lock(mutex_);
  return sequences_.empty();
}

void SequencePublisher::check_stopping() {
  const std::lock_guard lock(mutex_);
  if (stopping_) throw Stopped();
}

void SequencePublisher::pause(std::int64_t length_ms) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::milliseconds(length_ms), [this] { return stopping_; });
}

void SequencePublisher::work(const std::string& name) {
  set_thread_name(name);
  set_thread_priority(ThreadPriority::kWriting);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !sequences_.empty(); });
    if (stopping_) return;
    Sequence& sequence = *sequences_.front();  // push_back leaves it where it is
    lock.unlock();
    const bool done = run(sequence);
    lock.lock();
    if (!done) return;
    std::unique_ptr<Sequence> over = std::move(sequences_.front());
    sequences_.pop_front();
    const bool idle = sequences_.empty();
    lock.unlock();
    over = nullptr;  // its files go
    if (idle) listener_.idle();
    lock.lock();
  }
}

bool SequencePublisher::run(Sequence& sequence) {
  try {
    publish(sequence);
    return true;
  } catch (const Stopped&) {
    return false;
  } catch (const Final& problem) {
    listener_.failed(problem.reason, problem.inconsistent);
  } catch (const std::exception& error) {
    listener_.failed(error.what(), false);
  }
  return false;
}

/// Repeats the step until it works; once at least, also while stopping: what is committed must be served. Throws what
/// it threw once the time is over.
void SequencePublisher::retry(std::int64_t deadline_ms, const std::function<void()>& step) {
  for (std::int64_t pause_ms = kRetryFirstMs;; pause_ms = std::min(pause_ms * 2, kRetryMaxMs)) {
    try {
      return step();
    } catch (const OffsetsAhead& ahead) {
      if (services_.clock() >= deadline_ms) throw;
      log_debug("Publishing waits for the task before: {}", ahead.what());
      pause_ms = std::min(pause_ms, 4 * kRetryFirstMs);
    } catch (const std::exception& error) {
      if (services_.clock() >= deadline_ms) throw;
      log_error("Publishing for data source {} failed, and is tried again: {}", spec_->id, error.what());
    }
    check_stopping();
    pause(pause_ms);
  }
}

void SequencePublisher::publish(Sequence& sequence) {
  const std::int64_t deadline_ms = services_.clock() + spec_->io.completion_timeout_ms;
  if (!sequence.wait_for_persists()) {
    check_stopping();
    throw Error(ErrorCategory::kRuntimeFailure, "Rows could not be persisted; they are read again");
  }
  std::vector<storage::SegmentDescriptor> segments;
  retry(deadline_ms, [&] { push_segments(sequence, segments); });
  check_stopping();
  fault_point("publish.begin");
  Segments upgrades;
  retry(deadline_ms, [&] { upgrades = commit(sequence, segments); });
  fault_point("publish.committed");
  log_info("Published {} segments of sequence[{}] with commit metadata[{}]", segments.size(), sequence.name(),
           sequence.end().to_json().dump());
  listener_.published(sequence.end());
  hand_off(sequence, segments, upgrades);
  services_.store.remove_pending(spec_->id, sequence.name());
}

/// Goes on after those that were pushed by an earlier attempt.
void SequencePublisher::push_segments(Sequence& sequence, std::vector<storage::SegmentDescriptor>& pushed) {
  const auto open = sequence.segments();
  while (pushed.size() < open.size()) {
    const Sequence::OpenSegment& segment = *open[pushed.size()];
    const std::uint32_t partition = segment.sink->id().partition;
    const MergedSegmentOptions options{.schema = *spec_->schema,
                                       .index_spec = spec_->tuning.index_spec,
                                       .shard_spec = storage::numbered_shard_spec(partition, segment.core_partitions),
                                       .core_partitions = segment.core_partitions,
                                       .check_stopping = [this] { check_stopping(); }};
    pushed.push_back(push_merged(*segment.sink, options, sequence.merged_path(segment), services_.deep_storage));
  }
}

/// Returns the other versions of the segments.
SequencePublisher::Segments SequencePublisher::publish(const Sequence& sequence, const Segments& segments) {
  const OffsetsChange offsets{spec_->id, sequence.start(), sequence.end()};
  const ChunkLocks::Publication publication(locks_);
  if (!locks_.are_concurrent()) {
    services_.metadata.publish(segments, offsets);
    return {};
  }
  Segments all;
  locks_.in_publication(
      [&](const ConcurrentTasks& tasks) { all = services_.metadata.publish_appended(segments, tasks, offsets); });
  return {all.begin() + static_cast<std::ptrdiff_t>(segments.size()), all.end()};
}

SequencePublisher::Segments SequencePublisher::commit(const Sequence& sequence, const Segments& segments) {
  if (services_.watch != nullptr)
    for (const storage::SegmentDescriptor& segment : segments) services_.watch->begin(segment);
  uncertain_ = true;
  try {
    Segments upgrades = publish(sequence, segments);
    uncertain_ = false;
    return upgrades;
  } catch (const OffsetsAhead&) {
    uncertain_ = false;
    throw;
  } catch (const Error& error) {
    const bool inconsistent = error.category() == ErrorCategory::kInvalidInput;
    if (!inconsistent && error.category() != ErrorCategory::kCanceled) throw;
    uncertain_ = false;
    throw Final{error.what(), inconsistent};
  }
}

/// The rows are safe by now: loading is tried for as long as it takes, and the sinks answer meanwhile.
void SequencePublisher::hand_off(Sequence& sequence, const Segments& segments, const Segments& upgrades) {
  if (services_.watch != nullptr)
    for (const storage::SegmentDescriptor& upgrade : upgrades) services_.watch->begin(upgrade);
  const auto open = sequence.segments();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    Segments versions{segments[i]};
    for (const storage::SegmentDescriptor& upgrade : upgrades)
      if (upgrade.load_spec.dump() == segments[i].load_spec.dump()) versions.push_back(upgrade);
    retry(kNever, [&] { swap(*open[i], versions); });
    fault_point("swap.done");
    sequence.handed_off(*open[i]);
    for (const storage::SegmentDescriptor& version : versions)
      log_info("Segment[{}] is handed off: published, and served from deep storage", version.id.text());
  }
}

void SequencePublisher::swap(Sequence::OpenSegment& open, const Segments& versions) {
  std::vector<storage::TimelineEntry> loaded;
  for (const storage::SegmentDescriptor& version : versions)
    loaded.push_back(
        {.id = version.id,
         .core_partitions = version.core_partitions,
         .shard_spec = version.shard_spec,
         .segment = std::make_shared<storage::ImmutableServedSegment>(services_.cache.load_anew(version))});
  fault_point("load.done");
  std::vector<storage::SegmentId> hidden;
  services_.catalog.update(spec_->id, [&](storage::Timeline& timeline) {
    remove_served(timeline, {open.sink});
    for (const storage::TimelineEntry& entry : loaded) timeline.add(entry);
    if (loaded.size() > 1) hidden = remove_hidden(timeline, loaded);
  });
  if (!hidden.empty()) services_.metadata.mark_unused(hidden);
  for (const storage::SegmentId& id : hidden) services_.cache.drop(id);
}

}  // namespace sarsen::ingest
