#include "server/api/compaction_answers.h"

#include <utility>
#include <vector>

#include "storage/base/interval.h"

namespace sarsen::server {
namespace {

using ingest::CompactionProgress;
using ingest::DataSourceCompaction;

/// Druid's table of candidates: which columns there are depends on what becomes of them.
class CandidateTable {
 public:
  explicit CandidateTable(std::vector<const char*> more) {
    for (const char* name : {"dataSource", "interval", "numSegments", "bytes"}) columns_.emplace_back(name);
    for (const char* name : more) columns_.emplace_back(name);
  }

  void add(const std::string& data_source, const CompactionProgress::Candidate& candidate, const Json::Array& more) {
    Json::Array row{data_source, format_iso(candidate.interval), candidate.segments, candidate.bytes};
    row.insert(row.end(), more.begin(), more.end());
    rows_.emplace_back(std::move(row));
  }

  void append_to(Json::Object& states, const char* state) const {
    if (!rows_.empty()) states.emplace_back(state, Json::Object{{"columnNames", columns_}, {"rows", rows_}});
  }

 private:
  Json::Array columns_;
  Json::Array rows_;
};

}  // namespace

Json compaction_snapshot(const std::string& data_source, const char* schedule_status,
                         const CompactionProgress& progress) {
  return Json::Object{{"dataSource", data_source},
                      {"scheduleStatus", schedule_status},
                      {"message", Json()},
                      {"bytesAwaitingCompaction", progress.awaiting.bytes},
                      {"bytesCompacted", progress.compacted.bytes},
                      {"bytesSkipped", progress.skipped.bytes},
                      {"segmentCountAwaitingCompaction", progress.awaiting.segments},
                      {"segmentCountCompacted", progress.compacted.segments},
                      {"segmentCountSkipped", progress.skipped.segments},
                      {"intervalCountAwaitingCompaction", progress.awaiting.intervals},
                      {"intervalCountCompacted", progress.compacted.intervals},
                      {"intervalCountSkipped", progress.skipped.intervals}};
}

/// As in Druid, a data source without segments waits for ever.
Json supervised_snapshot(const ingest::CompactionSupervisors& supervisors, const std::string& data_source) {
  const auto progress = supervisors.progress(ingest::CompactionSupervisorSpec::id_of(data_source));
  if (!progress) return compaction_snapshot(data_source, "NOT_ENABLED", {});
  const bool has_run = supervisors.is_running() && !progress->is_empty();
  return has_run ? compaction_snapshot(data_source, "RUNNING", *progress)
                 : compaction_snapshot(data_source, "AWAITING_FIRST_RUN", {});
}

Json simulated_compaction(const ingest::AutoCompaction& compaction, const ingest::CompactionConfig& all) {
  CandidateTable done({}), waiting({"maxTaskSlots", "reasonToCompact"}), left_alone({"reasonToSkip"});
  for (const DataSourceCompaction& config : all.data_sources) {
    const CompactionProgress progress = compaction.progress(config, all.policy);
    for (const auto& one : progress.done) done.add(config.data_source, one, {});
    for (const auto& one : progress.waiting) waiting.add(config.data_source, one, {1, one.reason});
    for (const auto& one : progress.left_alone) left_alone.add(config.data_source, one, {one.reason});
  }
  Json::Object states;
  done.append_to(states, "COMPLETE");
  waiting.append_to(states, "PENDING");
  left_alone.append_to(states, "SKIPPED");
  return Json::Object{{"compactionStates", Json(std::move(states))}};
}

}  // namespace sarsen::server
