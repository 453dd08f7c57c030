#pragma once
// What the coordinator and the overlord tell of compaction in the same form. Pure functions of what they are given.

#include <string>

#include "ingest/supervisor/compaction_supervisors.h"
#include "ingest/tasks/auto_compaction.h"
#include "storage/base/json.h"

namespace sarsen::server {

/// Druid's AutoCompactionSnapshot; `schedule_status`: NOT_ENABLED, AWAITING_FIRST_RUN, RUNNING.
Json compaction_snapshot(const std::string& data_source, const char* schedule_status,
                         const ingest::CompactionProgress& progress);

/// The same of a data source that a supervisor compacts, or that none does.
Json supervised_snapshot(const ingest::CompactionSupervisors& supervisors, const std::string& data_source);

/// What a run would do that had task slots enough: Druid's CompactionSimulateResult.
Json simulated_compaction(const ingest::AutoCompaction& compaction, const ingest::CompactionConfig& config);

}  // namespace sarsen::server
