#pragma once
// All tasks that the overlord tells of: those of its queue, those that others run, and those that have ended. Lists are
// Druid's: what has ended first, the newest first, then what has not. Thread safety: from any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ingest/tasks/task_queue.h"
#include "ingest/tasks/task_status.h"

namespace sarsen::server {

/// Empty texts and absent values ask for everything.
struct TaskQuery {
  std::string state;  // "pending", "waiting", "running", "complete"
  std::string data_source;
  std::string type;
  std::optional<std::size_t> complete_max;
  std::optional<std::int64_t> created_since_ms;  // complete ones; else of the last day
};

class TaskDirectory {
 public:
  /// REQUIRES: all of them outlive it.
  explicit TaskDirectory(ingest::TaskQueue& queue, std::vector<ingest::TaskRunner*> others = {},
                         ingest::Clock clock = ingest::system_clock_ms);

  ingest::TaskQueue& queue() const noexcept { return queue_; }

  std::vector<ingest::TaskStatus> list(const TaskQuery& query) const;
  std::optional<ingest::TaskStatus> status(const std::string& id) const;
  std::optional<Json> payload(const std::string& id) const;
  std::optional<Json> report(const std::string& id) const;
  std::optional<std::string> log(const std::string& id, std::int64_t offset) const;
  bool shutdown(const std::string& id, const std::string& reason) const;

 private:
  std::vector<ingest::TaskStatus> of_runners() const;

  ingest::TaskQueue& queue_;
  std::vector<ingest::TaskRunner*> runners_;  // the queue is the first one
  ingest::Clock clock_;
};

}  // namespace sarsen::server
