#include "ingest/tasks/lock_context.h"

namespace sarsen::ingest {
namespace {

bool says(const JsonField& context, const char* name) { return context.present() && context[name].boolean_or(false); }

bool names_type(const JsonField& context) { return context.present() && context["taskLockType"].present(); }

}  // namespace

TaskLockType append_lock_type(const JsonField& context, TaskLockType otherwise) {
  if (says(context, "useConcurrentLocks")) return TaskLockType::kAppend;
  if (!names_type(context)) return says(context, "useSharedLock") ? TaskLockType::kShared : otherwise;
  const TaskLockType type = parse_task_lock_type(context["taskLockType"]);
  if (type == TaskLockType::kReplace)
    context["taskLockType"].fail("a task that appends has locks of type EXCLUSIVE, SHARED or APPEND, not REPLACE");
  return type;
}

/// Types that are for appending only make no other of it, as in Druid.
TaskLockType replace_lock_type(const JsonField& context) {
  if (says(context, "useConcurrentLocks")) return TaskLockType::kReplace;
  if (!names_type(context)) return TaskLockType::kExclusive;
  const TaskLockType type = parse_task_lock_type(context["taskLockType"]);
  return type == TaskLockType::kReplace ? type : TaskLockType::kExclusive;
}

}  // namespace sarsen::ingest
