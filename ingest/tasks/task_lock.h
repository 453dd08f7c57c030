#pragma once
// A lock of a task on a time chunk of a data source: Druid's TimeChunkLock. A value.
//
// Which locks may stand beside each other on overlapping intervals (useConcurrentLocks is about the last two):
//
//   EXCLUSIVE   beside none
//   SHARED      beside SHARED
//   REPLACE     beside APPEND, where it contains that one's interval
//   APPEND      beside APPEND, and beside a REPLACE that contains its interval

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/interval.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

enum class TaskLockType : std::uint8_t {
  kExclusive,
  kShared,   // tasks that append, and count on nobody replacing meanwhile
  kReplace,  // what is appended meanwhile gets the version of what it writes
  kAppend,   // writes to the version that it finds
};

/// "EXCLUSIVE"
std::string_view to_text(TaskLockType type);
/// Throws kInvalidInput naming the field.
TaskLockType parse_task_lock_type(const JsonField& json);

/// The version of APPEND locks, and of what is written under them where there was nothing: any other replaces it.
inline constexpr std::string_view kAppendVersion = "1970-01-01T00:00:00.000Z";

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

/// Whether a lock of `type` may be given on `interval`, which overlaps that of `lock`, while that one is held.
bool may_coexist(const TaskLock& lock, TaskLockType type, const Interval& interval);

}  // namespace sarsen::ingest
