#pragma once
// How a supervisor's number of reading tasks follows what it measures: ioConfig's autoScalerConfig, and what all of its
// strategies have in common. Times are given by the caller. An AutoScaler is not thread-safe: its supervisor's thread.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "storage/base/json.h"

namespace sarsen::ingest {

/// A supervisor as its scaler sees it at one moment.
struct ScalingMetrics {
  std::uint32_t active_tasks = 0;
  std::uint32_t task_count = 0;  // wanted
  std::size_t partitions = 0;
  std::optional<std::vector<std::int64_t>> lags = {};  // of the partitions; nullopt: the stream was not seen yet
  std::optional<double> rows_per_second = {};          // of a task, on average; nullopt: there is no task
  std::optional<double> idle_ratio = {};               // of a task's time, on average
};

class AutoScaler {
 public:
  virtual ~AutoScaler() = default;

  /// When the next of the two below is due.
  virtual std::int64_t next_ms() const noexcept = 0;
  virtual bool collection_is_due(std::int64_t now_ms) const noexcept = 0;
  virtual bool action_is_due(std::int64_t now_ms) const noexcept = 0;

  virtual void collect(const ScalingMetrics& metrics, std::int64_t now_ms) = 0;
  /// This time nothing is to change, as where tasks publish still.
  virtual void skip_action(std::int64_t now_ms) noexcept = 0;
  /// How many tasks there should be; nullopt: as many as there are.
  virtual std::optional<std::uint32_t> act(const ScalingMetrics& metrics, std::int64_t now_ms) = 0;
  /// The same, where tasks end anyway because they have read for taskDuration.
  virtual std::optional<std::uint32_t> act_at_roll_over(std::uint32_t task_count, std::int64_t now_ms) = 0;
};

struct AutoScalerConfig {
  std::uint32_t task_count_min = 1;
  std::uint32_t task_count_max = 1;
  std::optional<double> stop_task_count_ratio = {};  // of the tasks, those that may publish at a time

  virtual ~AutoScalerConfig() = default;
  virtual std::unique_ptr<AutoScaler> make(std::int64_t now_ms) const = 0;
  /// How many tasks a supervisor begins with whose ioConfig.taskCount is this; nullopt: as many as the one whose place
  /// it takes, else task_count_min.
  virtual std::optional<std::uint32_t> first_task_count(std::optional<std::uint32_t> given) const = 0;

  /// ioConfig's autoScalerConfig; null where it is absent or not enabled. Throws kInvalidInput naming the field.
  static std::shared_ptr<const AutoScalerConfig> parse(const JsonField& json);
};

}  // namespace sarsen::ingest
