#pragma once
// Segments that this process has published and serves until another server does (README.md). Thread safety: begin()
// from any thread; the others by one.

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "ingest/deep_storage/segment_cache.h"
#include "ingest/deep_storage/segment_info_files.h"
#include "ingest/hand_off/served_elsewhere.h"
#include "ingest/metadata/metadata_store.h"
#include "storage/base/periodic_thread.h"
#include "storage/segment/catalog.h"

namespace sarsen::ingest {

struct HandOffWatchOptions {
  std::filesystem::path folder;                  // of the files of what is watched
  std::chrono::milliseconds poll{60'000};        // how often others are looked at
  std::chrono::milliseconds drop_delay{30'000};  // how long what is announced no more still answers
};

class HandOffWatch {
 public:
  /// REQUIRES: all references outlive it.
  HandOffWatch(HandOffWatchOptions options, std::unique_ptr<ServedElsewhere> elsewhere, MetadataStore& metadata,
               SegmentCache& cache, storage::Catalog& catalog);
  HandOffWatch(const HandOffWatch&) = delete;
  HandOffWatch& operator=(const HandOffWatch&) = delete;

  /// Before a segment is published: from when it is served as an immutable one, it is watched. Again: nothing new.
  void begin(const storage::SegmentDescriptor& segment);

  /// At start: serves what an earlier process published and nobody else serves. Returns how many. What cannot be
  /// loaded is logged and tried again at the next start.
  std::size_t restore();

  void start();
  void stop() { thread_.stop(); }

 private:
  using Time = std::chrono::steady_clock::time_point;

  std::chrono::milliseconds work();
  void look();
  std::vector<storage::SegmentId> waiting();
  bool is_served_here(const storage::SegmentId& id) const;
  void leave(const storage::SegmentId& id);
  void drop_left(Time now);
  void forget(const storage::SegmentId& id);
  Time next_drop() const;

  const HandOffWatchOptions options_;
  const SegmentInfoFiles files_;
  const std::unique_ptr<ServedElsewhere> elsewhere_;
  MetadataStore& metadata_;
  SegmentCache& cache_;
  storage::Catalog& catalog_;
  // The thread's:
  std::map<storage::SegmentId, Time> left_;  // announced no more, and when they are dropped
  Time next_look_ = Time::min();

  std::mutex mutex_;  // guards what follows
  std::set<storage::SegmentId> watched_;
  PeriodicThread thread_;
};

}  // namespace sarsen::ingest
