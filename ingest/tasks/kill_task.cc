// kill: deletes for good what is out of use, batch by batch. Files go before rows: were it the other way round, a crash
// between the two would leave files that nobody knows of. Files that several segments have (useConcurrentLocks) go with
// the last one.

#include <algorithm>
#include <set>

#include "ingest/fault_point.h"
#include "ingest/tasks/lock_context.h"
#include "ingest/tasks/shared_files.h"
#include "ingest/tasks/task_toolbox.h"
#include "ingest/tasks/task_types.h"
#include "storage/base/interval_field.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kBatchSize = 100;  // Druid's default

struct KillSpec {
  std::string data_source;
  Interval interval;
  std::optional<std::set<std::string>> versions;  // nullopt: all
  std::size_t batch_size = kBatchSize;
  std::size_t limit = SIZE_MAX;
  std::int64_t last_updated_max_ms = INT64_MAX;

  static KillSpec parse(const JsonField& json);
  bool wants(const UnusedSegment& segment) const {
    return segment.last_updated_ms <= last_updated_max_ms &&
           (!versions || versions->contains(segment.descriptor.id.version));
  }
};

std::size_t positive(const JsonField& json, const char* name, std::int64_t value) {
  if (value <= 0) json.fail(std::string(name) + "[" + std::to_string(value) + "] must be a positive integer.");
  return static_cast<std::size_t>(value);
}

KillSpec KillSpec::parse(const JsonField& json) {
  KillSpec spec;
  spec.data_source = json["dataSource"].string();
  spec.interval = parse_interval(json["interval"]);
  if (json["versions"].present()) {
    spec.versions.emplace();
    for (const JsonField& version : json["versions"].elements()) spec.versions->insert(version.string());
  }
  spec.batch_size = positive(json["batchSize"], "batchSize", json["batchSize"].integer_or(kBatchSize));
  if (json["limit"].present()) spec.limit = positive(json["limit"], "limit", json["limit"].integer());
  if (const auto time = json["maxUsedStatusLastUpdatedTime"].optional_string())
    spec.last_updated_max_ms = parse_iso(*time);
  return spec;
}

class KillTask final : public Task {
 public:
  KillTask(KillSpec spec, TaskLockType lock_type) : spec_(std::move(spec)), lock_type_(lock_type) {}

  std::optional<LockRequest> locks() const override {
    return LockRequest{lock_type_, spec_.data_source, {spec_.interval}};
  }

  Json run(TaskToolbox& toolbox) const override {
    log_info("Starting kill for datasource[{}] in interval[{}] with batchSize[{}]", spec_.data_source,
             format_iso(spec_.interval), spec_.batch_size);
    std::vector<UnusedSegment> segments =
        toolbox.services().metadata.unused_segments(spec_.data_source, spec_.interval);
    std::erase_if(segments, [&](const UnusedSegment& segment) { return !spec_.wants(segment); });
    if (segments.size() > spec_.limit) segments.resize(spec_.limit);
    std::int64_t batches = 0;
    std::size_t killed = 0;
    for (std::size_t begin = 0; begin < segments.size(); begin += spec_.batch_size, ++batches) {
      toolbox.interrupt().check();
      const std::size_t count = std::min(spec_.batch_size, segments.size() - begin);
      killed += kill({segments.data() + begin, count}, toolbox.services());
    }
    if (killed < spec_.limit) ++batches;  // the one in which nothing more was found
    log_info(
        "Finished kill task[{}] for dataSource[{}] and interval[{}]. Deleted total [{}] unused segments in [{}] "
        "batches.",
        toolbox.identity().id, spec_.data_source, format_iso(spec_.interval), killed, batches);
    return task_report(
        "killUnusedSegments", toolbox.identity().id,
        Json::Object{{"numSegmentsKilled", static_cast<std::int64_t>(killed)}, {"numBatchesProcessed", batches}});
  }

 private:
  static std::size_t kill(std::span<const UnusedSegment> segments, const TaskServices& services) {
    std::vector<storage::SegmentId> ids;
    for (const UnusedSegment& segment : segments) ids.push_back(segment.descriptor.id);
    for (const UnusedSegment& segment : segments)
      if (!are_files_shared(segment, ids, services.metadata)) services.deep_storage.remove(owner_of_files(segment));
    fault_point("kill.files");
    return services.metadata.forget(ids);
  }

  const KillSpec spec_;
  const TaskLockType lock_type_;
};

}  // namespace

std::unique_ptr<Task> make_kill_task(const JsonField& json, const std::filesystem::path&) {
  return std::make_unique<KillTask>(KillSpec::parse(json), replace_lock_type(json["context"]));
}

}  // namespace sarsen::ingest
