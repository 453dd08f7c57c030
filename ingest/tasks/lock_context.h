#pragma once
// Which locks a task's context asks for: useConcurrentLocks, taskLockType and useSharedLock, as Druid's TaskLocks and
// AbstractBatchIndexTask read them. Pure functions. Throw kInvalidInput naming the field.

#include "ingest/tasks/task_lock.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// Of a task that appends; `otherwise` where the context says nothing. `context` may be absent.
TaskLockType append_lock_type(const JsonField& context, TaskLockType otherwise);

/// Of a task that replaces what is there.
TaskLockType replace_lock_type(const JsonField& context);

}  // namespace sarsen::ingest
