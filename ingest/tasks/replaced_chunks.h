#pragma once
// What a task that replaces chunks waits for. Pure reading; from any thread.

#include <optional>
#include <string>
#include <vector>

#include "ingest/tasks/task_toolbox.h"

namespace sarsen::ingest {

/// A live segment in one of the chunks whose rows a newer version would hide; nullopt where there is none. Under a lock
/// of type REPLACE those are in nobody's way that are upgraded with the publication.
std::optional<storage::SegmentId> segment_in_the_way(const TaskServices& services, const std::string& data_source,
                                                     const std::vector<Interval>& chunks, TaskLockType type);

}  // namespace sarsen::ingest
