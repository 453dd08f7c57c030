#include "ingest/tasks/task_lock.h"

namespace sarsen::ingest {

Json TaskLock::to_json() const {
  return Json::Object{{"granularity", "timeChunk"},
                      {"type", type == TaskLockType::kShared ? "SHARED" : "EXCLUSIVE"},
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
  lock.type = field["type"].string() == "SHARED" ? TaskLockType::kShared : TaskLockType::kExclusive;
  lock.group_id = field["groupId"].string();
  lock.data_source = field["dataSource"].string();
  lock.interval = parse_interval(field["interval"].string());
  lock.version = field["version"].string();
  lock.priority = static_cast<int>(field["priority"].integer_or(0));
  lock.revoked = field["revoked"].boolean_or(false);
  return lock;
}

}  // namespace sarsen::ingest
