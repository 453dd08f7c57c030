#pragma once
// How much the groups of one groupBy may take before they are spilled to disk, or refused: Druid's properties, and the
// query's context within them. A value.

#include <cstdint>
#include <optional>
#include <string>

namespace sarsen::engine {

struct GroupLimits {
  std::uint64_t memory_bytes_max = std::uint64_t{1} << 30;  // druid.processing.buffer.sizeBytes
  std::uint64_t dictionary_bytes_max = 1'000'000'000;       // …maxMergingDictionarySize, as Druid counts its texts
  std::uint64_t groups_max = INT32_MAX;                     // …bufferGrouperMaxSize
  std::uint64_t disk_bytes_max = 0;                         // …maxOnDiskStorage; 0: nothing is spilled
  std::optional<std::uint64_t> disk_bytes_default;          // …defaultOnDiskStorage: where the query says nothing
  std::string folder;                                       // druid.processing.tmpDir; empty: the system's
};

}  // namespace sarsen::engine
