#include "ingest/hand_off/hand_off_watch.h"

#include <algorithm>
#include <utility>

#include "ingest/deep_storage/leaving_segment.h"
#include "storage/base/log.h"

namespace sarsen::ingest {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using storage::SegmentDescriptor;
using storage::SegmentId;

HandOffWatch::HandOffWatch(HandOffWatchOptions options, std::unique_ptr<ServedElsewhere> elsewhere,
                           MetadataStore& metadata, SegmentCache& cache, storage::Catalog& catalog)
    : options_(std::move(options)),
      files_(options_.folder),
      elsewhere_(std::move(elsewhere)),
      metadata_(metadata),
      cache_(cache),
      catalog_(catalog) {}

void HandOffWatch::begin(const SegmentDescriptor& segment) {
  files_.put(segment);
  const std::lock_guard lock(mutex_);
  watched_.insert(segment.id);
}

/// What was noted and never published, or is out of use by now, is nobody's.
std::size_t HandOffWatch::restore() {
  std::size_t count = 0;
  for (const SegmentDescriptor& noted : files_.all()) {
    const auto published = metadata_.find(noted.id);
    if (!published || !published->used) {
      forget(noted.id);
      continue;
    }
    try {
      const auto segment = cache_.load(published->descriptor);
      catalog_.update(noted.id.data_source, [&](storage::Timeline& timeline) {
        timeline.add({.id = noted.id,
                      .core_partitions = noted.core_partitions,
                      .shard_spec = noted.shard_spec,
                      .segment = std::make_shared<storage::ImmutableServedSegment>(segment)});
      });
      const std::lock_guard lock(mutex_);
      watched_.insert(noted.id);
      ++count;
    } catch (const std::exception& error) {
      log_error("Segment[{}] waits for its hand-off and cannot be served meanwhile: {}", noted.id.text(), error.what());
    }
  }
  return count;
}

void HandOffWatch::start() {
  thread_.start("hand-off", milliseconds(0), [this] { return work(); });
}

/// Until when there is something to be done again.
milliseconds HandOffWatch::work() {
  const Time now = steady_clock::now();
  drop_left(now);
  if (now >= next_look_) {
    look();
    next_look_ = steady_clock::now() + options_.poll;
  }
  return std::chrono::ceil<milliseconds>(std::min(next_look_, next_drop()) - steady_clock::now());
}

void HandOffWatch::look() {
  try {
    const std::vector<SegmentId> asked = waiting();
    if (asked.empty()) return;
    for (const SegmentId& id : elsewhere_->served(asked)) leave(id);
  } catch (const std::exception& error) {
    log_warn("Whether segments are served elsewhere is not known; they stay served from here: {}", error.what());
  }
}

bool HandOffWatch::is_served_here(const SegmentId& id) const {
  const auto timelines = catalog_.snapshot();
  const auto timeline = timelines->find(id.data_source);
  if (timeline == timelines->end()) return false;
  const storage::TimelineEntry* entry = find_announced(*timeline->second, id);
  return entry != nullptr && !entry->segment->is_realtime();
}

std::vector<SegmentId> HandOffWatch::waiting() {
  std::vector<SegmentId> served;
  std::vector<SegmentId> out_of_use;
  {
    const std::lock_guard lock(mutex_);
    for (const SegmentId& id : watched_) (is_served_here(id) ? served : out_of_use).push_back(id);
  }
  for (const SegmentId& id : out_of_use) {
    const auto published = metadata_.find(id);
    if (published && !published->used && !left_.contains(id)) forget(id);
  }
  return served;
}

/// First unannounced, later gone.
void HandOffWatch::leave(const SegmentId& id) {
  catalog_.update(id.data_source, [&](storage::Timeline& timeline) {
    const auto found = timeline.entries().find(id);
    if (found == timeline.entries().end()) return;
    storage::TimelineEntry leaving = found->second;
    leaving.segment = std::make_shared<LeavingSegment>(leaving.segment);
    timeline.add(std::move(leaving));
  });
  left_[id] = steady_clock::now() + options_.drop_delay;
  log_info("Segment[{}] is served elsewhere: it is not announced from here any more", id.text());
}

void HandOffWatch::drop_left(Time now) {
  for (auto next = left_.begin(); next != left_.end();) {
    if (next->second > now) {
      ++next;
      continue;
    }
    const SegmentId id = next->first;
    next = left_.erase(next);
    catalog_.update(id.data_source, [&](storage::Timeline& timeline) {
      const auto found = timeline.entries().find(id);
      if (found != timeline.entries().end() && is_leaving(found->second)) timeline.remove(id);
    });
    cache_.drop(id);
    forget(id);
  }
}

void HandOffWatch::forget(const SegmentId& id) {
  try {
    files_.remove(id);
  } catch (const std::exception& error) {
    log_error("The file of a segment that was handed off cannot be removed: {}", error.what());
  }
  const std::lock_guard lock(mutex_);
  watched_.erase(id);
}

HandOffWatch::Time HandOffWatch::next_drop() const {
  Time next = Time::max();
  for (const auto& [id, time] : left_) next = std::min(next, time);
  return next;
}

}  // namespace sarsen::ingest
