#include "engine/group/group_limits.h"

#include <algorithm>

#include "engine/query/query.h"

namespace sarsen::engine {

GroupLimits group_limits(const QueryContext& context, const GroupLimits& server) {
  GroupLimits limits = server;
  const auto groups_max = context.integer_or("bufferGrouperMaxSize", static_cast<std::int64_t>(server.groups_max));
  limits.groups_max = std::min(server.groups_max, static_cast<std::uint64_t>(std::max<std::int64_t>(groups_max, 0)));
  limits.disk_bytes_max =
      std::min(server.disk_bytes_max,
               context.bytes_or("maxOnDiskStorage", server.disk_bytes_default.value_or(server.disk_bytes_max)));
  limits.dictionary_bytes_max = context.bytes_or("maxMergingDictionarySize", server.dictionary_bytes_max);
  if (limits.dictionary_bytes_max == 0) limits.dictionary_bytes_max = GroupLimits().dictionary_bytes_max;
  // Dictionaries of a segment are its own here, or grow by the morsel: nothing is limited, a wrong value is told.
  context.bytes_or("maxSelectorDictionarySize", 0);
  return limits;
}

}  // namespace sarsen::engine
