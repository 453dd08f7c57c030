#pragma once
// The report of a compact task, as Druid 33 gives it: one of ingestion, and one of the context, for each ingestion
// specification that Druid makes of the task. Not thread-safe.

#include <map>
#include <string>
#include <vector>

#include "ingest/batch/index_task.h"
#include "ingest/tasks/compact_spec.h"
#include "ingest/tasks/task.h"

namespace sarsen::ingest {

class CompactReport {
 public:
  CompactReport(const CompactSpec& spec, const TaskIdentity& identity) : spec_(spec), identity_(identity) {}

  /// What one specification has: all chunks where their granularity is given, else each of them.
  Interval group_of(const Interval& chunk) const { return spec_.segment_granularity ? kEternity : chunk; }
  /// Of the chunk's rows.
  IndexReport& of(const Interval& chunk) { return groups_[group_of(chunk)].report; }
  void note_read(const Interval& chunk, std::size_t segments) { groups_[group_of(chunk)].segments_read += segments; }
  void note_written(const std::vector<WrittenSegment>& segments);

  /// While the task runs: of all rows until now.
  Json live() const;
  Json to_json() const;

 private:
  struct Group {
    IndexReport report;
    std::size_t segments_read = 0;
  };
  Json::Object payload_of(const Group& group) const;
  Json context() const;

  const CompactSpec& spec_;
  const TaskIdentity& identity_;
  std::map<Interval, Group> groups_;
};

}  // namespace sarsen::ingest
