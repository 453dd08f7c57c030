// index and index_parallel: the batch task of ingest/batch, under the overlord's locks.

#include <algorithm>

#include "ingest/batch/index_task.h"
#include "ingest/tasks/compaction_state.h"
#include "ingest/tasks/lock_context.h"
#include "ingest/tasks/stated_publication.h"
#include "ingest/tasks/task_toolbox.h"
#include "ingest/tasks/task_types.h"
#include "ingest/tasks/without_effect.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

/// Whole segment intervals around the given ones, merged where they meet.
std::vector<Interval> segment_intervals(const GranularitySpec& spec) {
  std::vector<Interval> chunks;
  for (const Interval& interval : spec.intervals()) {
    if (interval.empty()) continue;
    const Interval first = spec.segment_interval(interval.start_ms).value_or(interval);
    const Interval last = spec.segment_interval(interval.end_ms - 1).value_or(interval);
    if (!chunks.empty() && first.start_ms <= chunks.back().end_ms)
      chunks.back().end_ms = std::max(chunks.back().end_ms, last.end_ms);
    else
      chunks.push_back({first.start_ms, last.end_ms});
  }
  return chunks;
}

class IndexBatchTask final : public Task {
 public:
  IndexBatchTask(const JsonField& json, fs::path base_directory)
      : base_directory_(std::move(base_directory)),
        task_(IndexTask::parse(json.json(), base_directory_)),
        lock_type_(task_.append ? append_lock_type(json["context"], TaskLockType::kShared)
                                : replace_lock_type(json["context"])) {}

  /// Without intervals it is not known before the end which ones are written; then they are locked for the publication.
  std::optional<LockRequest> locks() const override {
    std::vector<Interval> intervals = segment_intervals(task_.schema->granularity_spec);
    if (intervals.empty()) return std::nullopt;
    return LockRequest{lock_type_, task_.schema->data_source, std::move(intervals)};
  }

  Json run(TaskToolbox& toolbox) const override {
    const std::string& id = toolbox.identity().id;
    const IndexTask task = IndexTask::parse(toolbox.identity().payload, base_directory_);  // the files of now
    log_without_effect(toolbox.identity().payload);
    log_info("Reading {} inputs, {} bytes", task.input.size(), task.input.total_bytes());
    IndexReport report;
    const auto progress = [&](const IndexProgress& state) {
      toolbox.interrupt().check();
      IndexReport live;
      (state.surveying ? live.survey_stats : live.stats) = state.stats;
      toolbox.set_report(with_context(live.to_json(id, {}, state.surveying ? "DETERMINE_PARTITIONS" : "BUILD_SEGMENTS"),
                                      toolbox.identity()));
    };
    try {
      OutputLayout layout = toolbox.output(lock_type_);
      StatedPublication stated(*layout.publication, [&](const Interval&) {
        return compaction_state(JsonField(toolbox.identity().payload)["spec"], *task.schema, task.tuning);
      });
      if (states(toolbox.identity())) layout.publication = &stated;
      run_index_task(task, layout, progress, &report);
    } catch (const std::exception& error) {
      toolbox.set_report(with_context(report.to_json(id, error.what()), toolbox.identity()));
      throw;
    }
    log_info("Processed[{}] events, unparseable[{}], thrownAway[{}].", report.stats.processed, report.stats.unparseable,
             report.stats.thrown_away);
    for (const WrittenSegment& segment : report.segments)
      log_info("Segment[{}]: {} rows, {} bytes", segment.id.text(), segment.row_count, segment.size_bytes);
    // What serves them here does so before the report is written.
    report.available = task.tuning.awaits_availability && toolbox.services().served.serves();
    return with_context(report.to_json(id), toolbox.identity());
  }

 private:
  /// Its segments say what made them where the context wants it.
  static bool states(const TaskIdentity& identity) {
    const JsonField context = JsonField(identity.payload)["context"];
    return context.present() && context["storeCompactionState"].boolean_or(false);
  }

  static Json with_context(const Json& report, const TaskIdentity& identity) {
    Json::Object object = report.object();
    const Json* context = identity.payload.find("context");
    Json::Object added = task_report("taskContext", identity.id, context == nullptr ? Json::Object() : *context);
    object.push_back(std::move(added.front()));
    return object;
  }

  const fs::path base_directory_;
  const IndexTask task_;  // as it was submitted
  const TaskLockType lock_type_;
};

}  // namespace

std::unique_ptr<Task> make_index_task(const JsonField& json, const fs::path& base_directory) {
  return std::make_unique<IndexBatchTask>(json, base_directory);
}

std::string data_source_of_index(const JsonField& json) {
  const JsonField spec = json["spec"];
  if (!spec.present()) spec.fail("missing");
  const JsonField schema = spec["dataSchema"];
  if (!schema.present()) schema.fail("missing");
  return schema["dataSource"].string();
}

}  // namespace sarsen::ingest
