#pragma once
// All that an overlord needs, in one folder: as a process that is started, and started again.

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "ingest/deep_storage/local_deep_storage.h"
#include "ingest/deep_storage/published_segments.h"
#include "ingest/metadata/sql_metadata_store.h"
#include "ingest/metadata/sql_supervisor_store.h"
#include "ingest/tasks/task_queue.h"

namespace sarsen::ingest {

/// Whether it becomes true within a time that is long enough on any machine.
inline bool becomes(const std::function<bool()>& condition) {
  for (int i = 0; i < 6000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

class TaskNode {
 public:
  explicit TaskNode(const std::filesystem::path& folder, std::size_t workers = 2)
      : folder_(folder),
        metadata(folder / "metadata.sqlite"),
        allocation(folder / "metadata.sqlite"),
        storage(folder / "metadata.sqlite"),
        locks(storage),
        deep_storage(folder / "segments"),
        cache({{folder / "cache"}}, deep_storage),
        served(metadata, cache, catalog),
        queue({.workers = workers, .directory = folder / "tasks", .base_directory = folder},
              {.metadata = metadata,
               .allocation = allocation,
               .deep_storage = deep_storage,
               .deep_storage_root = folder / "segments",
               .served = served,
               .catalog = catalog,
               .storage = storage,
               .locks = locks}) {
    serve_published_segments(metadata, cache, catalog);
    queue.start({.host = "here", .port = 8082});
  }

  std::string add(const std::string& specification) { return queue.add(Json::parse(specification)); }

  TaskStatus status(const std::string& id) const {
    if (const auto found = queue.find(id)) return *found;
    const auto stored = storage.find(id);
    return stored ? stored->status : TaskStatus();
  }

  /// Waits for the task to end.
  TaskStatus ended(const std::string& id) const {
    EXPECT_TRUE(becomes([&] { return !queue.find(id) && status(id).complete(); })) << id;
    return status(id);
  }

  /// What queries see of the data source, of all time.
  std::vector<std::string> visible(const std::string& data_source) const {
    std::vector<std::string> ids;
    const auto timelines = catalog.snapshot();
    const auto found = timelines->find(data_source);
    if (found == timelines->end()) return ids;
    for (const storage::TimelineHit& hit : found->second->lookup(kEternity)) ids.push_back(hit.entry->id.text());
    return ids;
  }

  std::size_t visible_rows(const std::string& data_source) const {
    std::size_t rows = 0;
    const auto timelines = catalog.snapshot();
    const auto found = timelines->find(data_source);
    if (found == timelines->end()) return rows;
    for (const storage::TimelineHit& hit : found->second->lookup(kEternity))
      for (const auto& segment : hit.entry->segment->acquire()) rows += segment->row_count();
    return rows;
  }

  /// Folders of segments in deep storage.
  std::size_t stored_segments() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "segments"))
      count += entry.path().filename() == "index" ? 1 : 0;
    return count;
  }

 private:
  const std::filesystem::path folder_;

 public:
  SqlMetadataStore metadata;
  SqlSupervisorStore allocation;
  TaskStorage storage;
  TaskLockbox locks;
  storage::Catalog catalog;
  LocalDeepStorage deep_storage;
  SegmentCache cache;
  ServedSwap served;
  TaskQueue queue;
};

/// A batch task of data source "pages", one row for each time. `more` goes into the ioConfig and `intervals` into the
/// granularitySpec, both with a comma before.
inline std::string index_specification(const std::vector<std::string>& times, const std::string& more = "",
                                       const std::string& intervals = "", const std::string& id = "") {
  std::string data;
  for (const std::string& time : times) data += R"({\"t\":\")" + time + R"(\",\"page\":\"a\"}\n)";
  return R"({"type":"index_parallel",)" + (id.empty() ? "" : R"("id":")" + id + R"(",)") +
         R"("spec":{"dataSchema":{"dataSource":"pages","timestampSpec":{"column":"t","format":"iso"},
         "dimensionsSpec":{"dimensions":["page"]},"metricsSpec":[{"type":"count","name":"n"}],
         "granularitySpec":{"segmentGranularity":"DAY","queryGranularity":"NONE","rollup":false)" +
         intervals + R"(}},"ioConfig":{"type":"index_parallel","inputSource":{"type":"inline","data":")" + data +
         R"("},"inputFormat":{"type":"json"})" + more + "}}}";
}

}  // namespace sarsen::ingest
