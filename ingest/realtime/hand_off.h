#pragma once
// What becomes of sinks that take no more rows: in the background, one after the other, their hydrants are merged,
// pushed to deep storage and published with the position of their source, the published segment is loaded and takes the
// sink's place in the timeline in one step, and the sink is forgotten. Queries see the sink's rows, or the segment's,
// never both and never neither.
//
// Each step may be done again: after a crash the sink is found closed (persist_directory.h), and a hand-off that was
// published goes on with loading. A step that fails is tried again until it works; the sink is served meanwhile.
//
// Thread safety: push and begin_to_stop by any thread; stop by one.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "ingest/deep_storage/deep_storage.h"
#include "ingest/deep_storage/segment_cache.h"
#include "ingest/hand_off/hand_off_watch.h"
#include "ingest/metadata/metadata_store.h"
#include "ingest/realtime/announcer.h"
#include "ingest/realtime/persist_directory.h"
#include "ingest/realtime/realtime_spec.h"
#include "ingest/realtime/sink.h"
#include "storage/segment/catalog.h"

namespace sarsen::ingest {

/// Where segments are handed off to. All of it outlives the departments.
struct HandOffServices {
  MetadataStore& metadata;
  DeepStorage& deep_storage;
  SegmentCache& cache;
  HandOffWatch* watch = nullptr;  // where other servers serve what is published: until one of them does, it is ours
};

class HandOff {
 public:
  /// `done` is called on this thread when the sink is out of the timeline. REQUIRES: all references outlive it.
  HandOff(std::shared_ptr<const DataSchema> schema, const RealtimeTuning& tuning, const HandOffServices& services,
          const PersistDirectory& directory, storage::Catalog& catalog, SegmentAnnouncer& announcer,
          std::function<void(const Sink&)> done);
  /// Stops.
  ~HandOff();
  HandOff(const HandOff&) = delete;
  HandOff& operator=(const HandOff&) = delete;

  /// `sink` has all its rows on disk, and its source was read up to `position` then.
  void push(std::shared_ptr<Sink> sink, Position position);

  /// What is not done yet is left for the next start; a merge ends early.
  void begin_to_stop();
  void stop();

 private:
  struct Item {
    std::shared_ptr<Sink> sink;
    Position position;
  };

  void work();
  bool run_until_done(const Item& item);
  void run(const Item& item);
  storage::SegmentDescriptor publish(const Item& item);
  storage::SegmentDescriptor merge_and_push(const Sink& sink);
  void swap(const Sink& sink, const storage::SegmentDescriptor& segment);
  void remove(const Sink& sink);
  void check_stopping();

  const std::shared_ptr<const DataSchema> schema_;
  const RealtimeTuning tuning_;
  const HandOffServices services_;
  const PersistDirectory& directory_;
  storage::Catalog& catalog_;
  SegmentAnnouncer& announcer_;
  const std::function<void(const Sink&)> done_;
  const std::string offsets_key_;
  Position published_offsets_;  // in the store by this department's doing; the thread's

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_;  // the first one is being worked on
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sarsen::ingest
