#include "ingest/tasks/task_lock.h"

#include <array>
#include <utility>

namespace sarsen::ingest {
namespace {

constexpr std::array<std::pair<TaskLockType, std::string_view>, 4> kTypes = {{
    {TaskLockType::kExclusive, "EXCLUSIVE"},
    {TaskLockType::kShared, "SHARED"},
    {TaskLockType::kReplace, "REPLACE"},
    {TaskLockType::kAppend, "APPEND"},
}};

}  // namespace

std::string_view to_text(TaskLockType type) {
  for (const auto& [known, name] : kTypes)
    if (known == type) return name;
  return "";
}

TaskLockType parse_task_lock_type(const JsonField& json) {
  const std::string given = json.string();
  for (const auto& [type, name] : kTypes)
    if (name == given) return type;
  json.fail("EXCLUSIVE, SHARED, REPLACE or APPEND is wanted, not " + given);
}

bool may_coexist(const TaskLock& lock, TaskLockType type, const Interval& interval) {
  switch (type) {
    case TaskLockType::kExclusive:
      return false;
    case TaskLockType::kShared:
      return lock.type == TaskLockType::kShared;
    case TaskLockType::kReplace:
      return lock.type == TaskLockType::kAppend && interval.contains(lock.interval);
    case TaskLockType::kAppend:
      return lock.type == TaskLockType::kAppend ||
             (lock.type == TaskLockType::kReplace && lock.interval.contains(interval));
  }
  return false;
}

Json TaskLock::to_json() const {
  return Json::Object{{"granularity", "timeChunk"},
                      {"type", std::string(to_text(type))},
                      {"groupId", group_id},
                      {"dataSource", data_source},
                      {"interval", format_iso(interval)},
                      {"version", version},
                      {"priority", priority},
                      {"revoked", revoked}};
}

TaskLock TaskLock::parse(const Json& json) {
  const JsonField field(json);
  TaskLock lock;
  lock.type = parse_task_lock_type(field["type"]);
  lock.group_id = field["groupId"].string();
  lock.data_source = field["dataSource"].string();
  lock.interval = parse_interval(field["interval"].string());
  lock.version = field["version"].string();
  lock.priority = static_cast<int>(field["priority"].integer_or(0));
  lock.revoked = field["revoked"].boolean_or(false);
  return lock;
}

}  // namespace sarsen::ingest
