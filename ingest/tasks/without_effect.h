#pragma once
// What a task asks for that Druid has and that changes nothing here: told in the task's log, so that nothing is passed
// over in silence. Pure functions.

#include <string>
#include <vector>

#include "storage/base/json.h"

namespace sarsen::ingest {

/// A sentence for each such field of the tuningConfig and the context that has another value than Druid's default.
std::vector<std::string> without_effect(const Json& task);

/// The same, to the log.
void log_without_effect(const Json& task);

}  // namespace sarsen::ingest
