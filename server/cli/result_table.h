#pragma once
// The answer to a native query as a table, for people.

#include <optional>
#include <string>

#include "storage/base/json.h"

namespace sarsen::server {

/// Nullopt where the answer has no shape of rows (segmentMetadata): show it as JSON then. Ends with the number of rows.
std::optional<std::string> result_table(const Json& answer);

}  // namespace sarsen::server
