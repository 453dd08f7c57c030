#pragma once
// What supervisors work with. All of it outlives them.

#include <filesystem>
#include <functional>
#include <memory>

#include "ingest/deep_storage/deep_storage.h"
#include "ingest/deep_storage/segment_cache.h"
#include "ingest/hand_off/hand_off_watch.h"
#include "ingest/metadata/metadata_store.h"
#include "ingest/metadata/supervisor_store.h"
#include "ingest/realtime/announcer.h"
#include "ingest/realtime/clock.h"
#include "ingest/stream.h"
#include "ingest/supervisor/supervisor_spec.h"
#include "ingest/tasks/task_lockbox.h"
#include "storage/segment/catalog.h"

namespace sarsen::ingest {

struct SupervisorServices {
  MetadataStore& metadata;
  SupervisorStore& store;
  DeepStorage& deep_storage;
  SegmentCache& cache;
  storage::Catalog& catalog;
  SegmentAnnouncer& announcer;
  TaskLockbox& locks;
  std::filesystem::path directory;  // what is persisted and not published; emptied when a supervisor starts
  /// The stream that a specification reads.
  std::function<std::unique_ptr<Stream>(const SupervisorSpec&)> open_stream;
  Clock clock = system_clock_ms;
  /// Of notes of reading tasks; no data source is named so.
  std::filesystem::path notes() const { return directory / ".tasks"; }
  HandOffWatch* watch = nullptr;  // where other servers serve what is published: until one of them does, it is ours
};

}  // namespace sarsen::ingest
