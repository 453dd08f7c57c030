#include "ingest/realtime/hand_off.h"

#include <algorithm>
#include <chrono>

#include "ingest/fault_point.h"
#include "ingest/realtime/merged_segment.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/base/thread_priority.h"

namespace sarsen::ingest {
namespace {

constexpr std::chrono::milliseconds kRetryFirst{200};
constexpr std::chrono::milliseconds kRetryMax{30'000};

/// Ends a merge that nobody waits for any more.
struct Stopped {};

}  // namespace

HandOff::HandOff(std::shared_ptr<const DataSchema> schema, const RealtimeTuning& tuning,
                 const HandOffServices& services, const PersistDirectory& directory, storage::Catalog& catalog,
                 SegmentAnnouncer& announcer, std::function<void(const Sink&)> done)
    : schema_(std::move(schema)),
      tuning_(tuning),
      services_(services),
      directory_(directory),
      catalog_(catalog),
      announcer_(announcer),
      done_(std::move(done)),
      offsets_key_(offsets_key(schema_->data_source, tuning_.shard_spec.partition)),
      published_offsets_(services_.metadata.offsets(offsets_key_)),
      thread_([this] { work(); }) {}

HandOff::~HandOff() { stop(); }

void HandOff::push(std::shared_ptr<Sink> sink, Position position) {
  const std::lock_guard lock(mutex_);
  items_.push_back({std::move(sink), std::move(position)});
  changed_.notify_all();
}

void HandOff::begin_to_stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

void HandOff::stop() {
  begin_to_stop();
  if (thread_.joinable()) thread_.join();
}

void HandOff::check_stopping() {
  const std::lock_guard lock(mutex_);
  if (stopping_) throw Stopped();
}

void HandOff::work() {
  set_thread_name("merge-" + schema_->data_source);
  set_thread_priority(ThreadPriority::kWriting);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !items_.empty(); });
    if (stopping_) return;
    const Item& item = items_.front();  // push_back leaves it where it is
    lock.unlock();
    const bool done = run_until_done(item);
    lock.lock();
    if (!done) return;
    items_.pop_front();
  }
}

bool HandOff::run_until_done(const Item& item) {
  auto pause = kRetryFirst;
  while (true) {
    try {
      run(item);
      return true;
    } catch (const Stopped&) {
      return false;
    } catch (const std::exception& error) {
      log_error("Handing off segment[{}] failed; it stays served from here, and it is tried again: {}",
                item.sink->id().text(), error.what());
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, pause, [this] { return stopping_; });
    if (stopping_) return false;
    pause = std::min(pause * 2, kRetryMax);
  }
}

void HandOff::run(const Item& item) {
  const Sink& sink = *item.sink;
  auto published = services_.metadata.find(sink.id());
  if (!published && !sink.hydrants().empty()) published = PublishedSegment{publish(item)};
  check_stopping();
  if (published && published->used)
    swap(sink, published->descriptor);
  else
    remove(sink);  // it never had a row, or was published before a crash and put out of use since
  fault_point("swap.done");
  announcer_.unannounce(sink.id());
  done_(sink);
  log_info("Segment[{}] is handed off: published, and served from deep storage", sink.id().text());
}

storage::SegmentDescriptor HandOff::publish(const Item& item) {
  storage::SegmentDescriptor segment = merge_and_push(*item.sink);
  check_stopping();
  if (services_.watch != nullptr) services_.watch->begin(segment);
  fault_point("publish.begin");
  services_.metadata.publish({segment},
                             OffsetsChange{.key = offsets_key_, .start = published_offsets_, .end = item.position});
  published_offsets_ = services_.metadata.offsets(offsets_key_);
  fault_point("publish.committed");
  return segment;
}

storage::SegmentDescriptor HandOff::merge_and_push(const Sink& sink) {
  const MergedSegmentOptions options{.schema = *schema_,
                                     .index_spec = tuning_.index_spec,
                                     .shard_spec = tuning_.shard_spec.json,
                                     .core_partitions = tuning_.shard_spec.core_partitions,
                                     .check_stopping = [this] { check_stopping(); }};
  return push_merged(sink, options, directory_.merged_path(sink.id().interval), services_.deep_storage);
}

/// One step for whoever takes a snapshot of the catalog.
void HandOff::swap(const Sink& sink, const storage::SegmentDescriptor& segment) {
  if (services_.watch != nullptr) services_.watch->begin(segment);  // published by an earlier process, perhaps
  const auto loaded = services_.cache.load_anew(segment);
  fault_point("load.done");
  catalog_.update(schema_->data_source, [&](storage::Timeline& timeline) {
    timeline.add({.id = sink.id(),
                  .core_partitions = tuning_.shard_spec.core_partitions,
                  .shard_spec = tuning_.shard_spec.json,
                  .segment = std::make_shared<storage::ImmutableServedSegment>(loaded)});
  });
}

void HandOff::remove(const Sink& sink) {
  catalog_.update(schema_->data_source, [&](storage::Timeline& timeline) { timeline.remove(sink.id()); });
}

}  // namespace sarsen::ingest
