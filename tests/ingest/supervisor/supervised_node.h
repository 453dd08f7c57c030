#pragma once
// One life of a process with supervisors: stores over a folder, and what is published is served.

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "ingest/deep_storage/local_deep_storage.h"
#include "ingest/deep_storage/published_segments.h"
#include "ingest/hand_off/hand_off_watch.h"
#include "ingest/metadata/sql_metadata_store.h"
#include "ingest/metadata/sql_supervisor_store.h"
#include "ingest/supervisor/supervisor_manager.h"
#include "ingest/tasks/task_queue.h"
#include "storage/base/json.h"
#include "tests/ingest/support/fake_stream.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/support/wait_until.h"

namespace sarsen::ingest {

class CountingAnnouncer final : public SegmentAnnouncer {
 public:
  void announce(const storage::SegmentId&) override { ++served; }
  void unannounce(const storage::SegmentId&) override { --served; }
  std::atomic<int> served{0};
};

class SupervisedNode {
 public:
  static constexpr std::chrono::milliseconds kPause{5};
  /// `elsewhere`: whether other servers serve what is published; null: there are none. `workers`: of batch tasks; 0:
  /// there is no queue.
  SupervisedNode(const std::filesystem::path& folder, FakePartitions& partitions,
                 std::unique_ptr<ServedElsewhere> elsewhere = nullptr, std::size_t workers = 0)
      : metadata_(folder / "metadata.sqlite"),
        store_(folder / "metadata.sqlite"),
        tasks_(folder / "metadata.sqlite"),
        locks_(tasks_),
        deep_storage_(folder / "segments"),
        cache_({{folder / "cache"}}, deep_storage_),
        watch_(elsewhere ? std::make_unique<HandOffWatch>(
                               HandOffWatchOptions{.folder = folder / "handoff", .poll = kPause, .drop_delay = kPause},
                               std::move(elsewhere), metadata_, cache_, catalog_)
                         : nullptr),
        served_(metadata_, cache_, catalog_),
        queue_({.workers = workers, .directory = folder / "tasks", .base_directory = folder},
               {.metadata = metadata_,
                .allocation = store_,
                .deep_storage = deep_storage_,
                .deep_storage_root = folder / "segments",
                .served = served_,
                .catalog = catalog_,
                .storage = tasks_,
                .locks = locks_}),
        manager_(SupervisorServices{
            .metadata = metadata_,
            .store = store_,
            .deep_storage = deep_storage_,
            .cache = cache_,
            .catalog = catalog_,
            .announcer = announcer_,
            .locks = locks_,
            .directory = folder / "supervised",
            .open_stream = [&partitions](const SupervisorSpec&) { return std::make_unique<FakeTopic>(partitions); },
            .watch = watch_.get()}) {
    tasks_.remove_locks_of_ended_tasks();  // as the task queue, which comes before supervisors
    if (watch_) {
      watch_->restore();
      watch_->start();
    } else {
      serve_published_segments(metadata_, cache_, catalog_);
    }
    if (workers > 0) queue_.start({.host = "here", .port = 8082});
    manager_.start();
  }
  ~SupervisedNode() {
    manager_.stop();
    queue_.stop();
  }

  /// Of data source "x": hours, dimension a, metrics c (count) and s (sum of v). `io` and `tuning` are further fields,
  /// and so is `root`, of all.
  static std::shared_ptr<const SupervisorSpec> spec(const std::string& io = "", const std::string& tuning = "",
                                                    const std::string& root = "") {
    return SupervisorSpec::parse(Json::parse(R"({"type":"kafka","spec":{"dataSchema":{"dataSource":"x",
        "timestampSpec":{"column":"t"},"dimensionsSpec":{"dimensions":["a"]},
        "metricsSpec":[{"type":"count","name":"c"},{"type":"longSum","name":"s","fieldName":"v"}],
        "granularitySpec":{"segmentGranularity":"HOUR","queryGranularity":"NONE"}},
        "ioConfig":{"topic":"topic","inputFormat":{"type":"json"},
        "consumerProperties":{"bootstrap.servers":"k:1"},"useEarliestOffset":true,"startDelay":"PT0S",
        "period":"PT0.05S")" + io + R"(},"tuningConfig":{"type":"kafka")" +
                                             tuning + "}}" + root + "}"));
  }

  SupervisorManager& manager() { return manager_; }
  SqlMetadataStore& metadata() { return metadata_; }
  SqlSupervisorStore& store() { return store_; }
  const storage::Catalog& catalog() const { return catalog_; }
  TaskLockbox& locks() { return locks_; }
  TaskQueue& queue() { return queue_; }
  TaskStorage& tasks() { return tasks_; }
  const DeepStorage& deep_storage() const { return deep_storage_; }
  int announced() const { return announcer_.served; }
  std::shared_ptr<Supervisor> supervisor() const { return manager_.find("x"); }
  Json payload() const {
    const auto found = supervisor();
    return found ? *found->status().find("payload") : Json();
  }
  std::string state() const { return payload().find("detailedState")->string(); }

  /// Events as a query counts them: a snapshot of the timeline, then its parts.
  std::int64_t count() const {
    std::int64_t events = 0;
    const auto timelines = catalog_.snapshot();
    const auto timeline = timelines->find("x");
    if (timeline == timelines->end()) return events;
    for (const storage::TimelineHit& hit : timeline->second->lookup(kEternity))
      for (const auto& part : hit.entry->segment->acquire())
        for (const std::string& row : rows_of(*part)) {  // time|a|c|s
          const std::size_t end = row.rfind('|');
          const std::size_t begin = row.rfind('|', end - 1) + 1;
          events += std::stoll(row.substr(begin, end - begin));
        }
    return events;
  }

  bool wait_for_count(std::int64_t events) {
    return wait_until([&] { return count() == events; });
  }
  /// All of the offsets up to there are committed.
  bool wait_for_offsets(const StreamOffsets& offsets) {
    return wait_until([&] { return metadata_.offsets("x").next_offsets == offsets; });
  }

 private:
  SqlMetadataStore metadata_;
  SqlSupervisorStore store_;
  TaskStorage tasks_;
  TaskLockbox locks_;
  LocalDeepStorage deep_storage_;
  SegmentCache cache_;
  storage::Catalog catalog_;
  CountingAnnouncer announcer_;
  const std::unique_ptr<HandOffWatch> watch_;
  ServedSwap served_;
  TaskQueue queue_;
  SupervisorManager manager_;
};

}  // namespace sarsen::ingest
