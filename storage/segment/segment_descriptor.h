#pragma once
// Druid's DataSegment: what the cluster knows of a segment without opening it. Read from and written to
// descriptor.json, task reports and metadata stores. Format: storage/FORMAT.md, "Segment descriptor". Thread safety: a
// value.

#include <cstdint>
#include <string>
#include <vector>

#include "storage/base/json.h"
#include "storage/segment/segment.h"

namespace sarsen::storage {

struct SegmentDescriptor {
  SegmentId id;
  /// {"type":"local","path":"..."}: where the files are; null where nobody said.
  Json load_spec;
  std::vector<std::string> dimensions;
  std::vector<std::string> metrics;
  /// As read; its partition number is id.partition.
  Json shard_spec;
  /// Partitions that must all be there before this version is served; 0: each answers for itself.
  std::uint32_t core_partitions = 0;
  std::uint32_t binary_version = 9;
  std::uint64_t size_bytes = 0;  // of the files, uncompressed
  Json last_compaction_state;    // null where there is none

  /// Throws kInvalidInput that names the field, kUnsupported for a shard spec that is not understood.
  static SegmentDescriptor parse(const Json& json);
  /// In the order in which Druid writes the fields, "identifier" last.
  Json to_json() const;
};

/// {"type":"numbered","partitionNum":...,"partitions":...}
Json numbered_shard_spec(std::uint32_t partition, std::uint32_t core_partitions);

}  // namespace sarsen::storage
