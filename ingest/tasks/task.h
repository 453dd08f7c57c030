#pragma once
// One task: what its specification says, and its work. Immutable; run() is called on a worker's thread, again from the
// beginning after a restart of the server.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "ingest/tasks/task_lock.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

class TaskToolbox;

/// What all tasks have.
struct TaskIdentity {
  std::string id;
  std::string group_id;
  std::string type;
  std::string data_source;
  int priority = 0;
  std::int64_t lock_timeout_ms = 300'000;
  Json payload;  // the specification, with what was left out filled in
};

class Task {
 public:
  virtual ~Task() = default;

  /// What it must hold before it runs; nullopt where it asks later, or never.
  virtual std::optional<LockRequest> locks() const { return std::nullopt; }

  /// Throws where it fails, and TaskInterrupted where it was told to end. Returns its report by report keys.
  virtual Json run(TaskToolbox& toolbox) const = 0;
};

struct ParsedTask {
  TaskIdentity identity;
  std::unique_ptr<Task> task;
};

/// Where the task has no id, it gets one of this time. Files are found below `base_directory`. Throws kInvalidInput
/// naming the field or the unknown type, kUnsupported for types that are not built.
ParsedTask parse_task(const Json& json, const std::filesystem::path& base_directory, std::int64_t now_ms);

/// Whether parse_task() knows the type.
bool is_task_type(const std::string& type);

/// "index_wikipedia_abcdefgh_2026-11-28T10:00:00.000Z"; with an interval its ends before the time.
std::string new_task_id(const std::string& type, const std::string& data_source,
                        const std::optional<Interval>& interval, std::int64_t now_ms);

/// Druid's rules for ids that become names of files and columns. Throws kInvalidInput.
void check_task_id(const std::string& id);

}  // namespace sarsen::ingest
