#pragma once
// Which data sources are compacted by themselves, and how: Druid's automatic compaction, kept in druid_config under
// "coordinator.compaction.config". Values; all functions are pure.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ingest/tasks/compaction_policy.h"
#include "storage/base/interval.h"
#include "storage/base/json.h"
#include "storage/base/period.h"

namespace sarsen::ingest {

inline constexpr const char* kCompactionConfigName = "coordinator.compaction.config";

/// For one data source.
struct DataSourceCompaction {
  std::string data_source;
  Json json;  // as it is told again, with defaults
  std::int64_t input_segment_bytes_max = 0;
  Period skip_offset;

  /// Throws kInvalidInput naming the field, kUnsupported for what compaction cannot do.
  static DataSourceCompaction parse(const JsonField& json);

  /// The compact task for an interval; with `id`, under that name. `reason`: why, for who looks at the task.
  Json task(const Interval& interval, const std::string& id, const std::string& reason = {}) const;
};

struct CompactionConfig {
  std::vector<DataSourceCompaction> data_sources;
  double task_slot_ratio = 0.1;
  std::int64_t task_slots_max = INT32_MAX;
  CompactionPolicy policy;
  bool use_supervisors = false;  // the overlord's compaction supervisors in the place of the coordinator

  /// An absent one is empty.
  static CompactionConfig parse(const std::optional<Json>& json);
  Json to_json() const;
  Json configs_json() const;

  /// What is not about one data source: Druid's ClusterCompactionConfig.
  Json cluster_json() const;
  /// Fields that are absent get their defaults, as in Druid.
  void set_cluster(const JsonField& json);

  const DataSourceCompaction* find(const std::string& data_source) const;
  void set(DataSourceCompaction compaction);
  /// False where there is none.
  bool remove(const std::string& data_source);

  /// Compact tasks that may run at a time beside others.
  std::size_t task_slots(std::size_t workers) const;
};

/// Throws kInvalidInput naming the field, kUnsupported for what compaction cannot do.
void check_compaction_cluster(const JsonField& json);

}  // namespace sarsen::ingest
