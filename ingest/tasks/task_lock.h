#pragma once
// A lock of a task on a time chunk of a data source: Druid's TimeChunkLock. A value.

#include <cstdint>
#include <string>
#include <vector>

#include "storage/base/interval.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

enum class TaskLockType : std::uint8_t {
  kExclusive,
  kShared,  // beside other shared ones: tasks that append
};

struct TaskLock {
  TaskLockType type = TaskLockType::kExclusive;
  std::string group_id;
  std::string data_source;
  Interval interval;
  std::string version;  // of the segments that are written under it
  int priority = 0;
  bool revoked = false;  // by a task of higher priority: what was made under it must not be published

  /// As in druid_tasklocks: {"granularity":"timeChunk","type":"EXCLUSIVE",…}
  Json to_json() const;
  /// Throws kInvalidInput.
  static TaskLock parse(const Json& json);
  bool operator==(const TaskLock&) const = default;
};

/// What a task wants, all or nothing.
struct LockRequest {
  TaskLockType type = TaskLockType::kExclusive;
  std::string data_source;
  std::vector<Interval> intervals;
};

}  // namespace sarsen::ingest
