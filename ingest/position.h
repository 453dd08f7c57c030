#pragma once
// How far a source has been read. Stored with the segments that its rows went into, in one step, so that after a
// restart each row is counted exactly once. A value; not thread-safe.

#include <cstdint>
#include <map>
#include <string>

#include "storage/base/json.h"

namespace sarsen::ingest {

struct Position {
  std::string stream;                                 // Kafka: the topic
  std::map<std::int32_t, std::int64_t> next_offsets;  // partition -> the first offset not yet taken

  bool empty() const noexcept { return next_offsets.empty(); }
  /// Notes that `offset` of `partition` was taken.
  void advance(std::int32_t partition, std::int64_t offset) { next_offsets[partition] = offset + 1; }

  /// Druid's form: {"type":"kafka","partitions":{"type":"end","stream":…,"partitionSequenceNumberMap":{"0":5}}}.
  Json to_json() const;
  /// Reads that form; null or absent: the empty position. Throws kInvalidInput naming the field.
  static Position parse(const JsonField& json);

  bool operator==(const Position&) const = default;
};

}  // namespace sarsen::ingest
