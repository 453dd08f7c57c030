#pragma once
// The specification of a Kafka supervisor: what is read, into which data source, and when that is published. Druid's
// JSON, {"type":"kafka","spec":{dataSchema, ioConfig, tuningConfig},"context":…,"suspended":…}, or the three parts side
// by side as in the old form. Immutable; shared by the supervisor and its readers.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ingest/kafka/kafka_settings.h"
#include "ingest/row/data_schema.h"
#include "ingest/supervisor/auto_scaler.h"
#include "ingest/supervisor/kafka_input_format.h"
#include "ingest/tasks/task_lock.h"
#include "storage/base/json.h"
#include "storage/column/index_spec.h"

namespace sarsen::ingest {

struct SupervisorIo {
  std::string stream;    // topic, or topicPattern
  bool pattern = false;  // partitions name their topic then
  KafkaInputFormat input_format;
  ConsumerProperties consumer_properties;
  std::uint32_t task_count = 1;     // with an autoscaler, what that begins with
  bool task_count_is_open = false;  // one that runs already may say it
  std::shared_ptr<const AutoScalerConfig> auto_scaler = {};
  std::uint32_t replicas = 1;  // told, and without effect: one process is one replica
  std::int64_t task_duration_ms = 3'600'000;
  std::int64_t start_delay_ms = 5'000;
  std::int64_t period_ms = 30'000;
  std::int64_t completion_timeout_ms = 1'800'000;
  bool use_earliest_offset = false;
  std::optional<std::int64_t> late_rejection_ms = {};
  std::optional<std::int64_t> late_rejection_start_ms = {};  // a time
  std::optional<std::int64_t> early_rejection_ms = {};
  std::optional<std::uint32_t> stop_task_count = {};
  bool idle_enabled = false;
  std::int64_t inactive_after_ms = 600'000;
};

struct SupervisorTuning {
  std::uint32_t rows_in_memory_max = 150'000;
  std::size_t bytes_in_memory_max = 0;  // 0: no limit
  std::uint64_t rows_per_segment_max = 5'000'000;
  std::uint64_t total_rows_max = 20'000'000;
  std::int64_t intermediate_persist_period_ms = 600'000;
  std::optional<std::int64_t> intermediate_hand_off_period_ms = {};
  std::size_t pending_persists_max = 0;
  std::int64_t hand_off_timeout_ms = 900'000;  // 0: for ever
  std::int64_t offset_fetch_period_ms = 30'000;
  bool reset_offset_automatically = false;
  bool log_parse_exceptions = false;
  std::uint64_t parse_exceptions_max = INT32_MAX;  // Druid's "unlimited"
  std::size_t saved_parse_exceptions_max = 0;
  storage::IndexSpec index_spec = {};
  storage::IndexSpec index_spec_for_persists = {};
};

struct SupervisorSpec {
  std::string id;  // the data source, as in Druid 33
  std::shared_ptr<const DataSchema> schema;
  SupervisorIo io;
  SupervisorTuning tuning;
  bool suspended = false;
  Json context;
  int priority = 75;  // of its tasks' locks
  TaskLockType lock_type = TaskLockType::kExclusive;
  /// As posted, in the form that Druid gives it back: {"type", "spec", "dataSchema", "ioConfig", "tuningConfig",
  /// "context", "suspended"}.
  Json json;

  /// Throws kInvalidInput naming the field and the fix, kUnsupported for what is Druid's but not built.
  static std::shared_ptr<const SupervisorSpec> parse(const Json& json);

  /// The same, suspended or not.
  std::shared_ptr<const SupervisorSpec> with_suspended(bool suspended) const;
  /// The same with another ioConfig.taskCount.
  std::shared_ptr<const SupervisorSpec> with_task_count(std::uint32_t task_count) const;
};

}  // namespace sarsen::ingest
