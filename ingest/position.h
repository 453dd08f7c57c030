#pragma once
// How far a source has been read. Stored with the segments that its rows went into, in one step, so that after a
// restart each row is counted exactly once. A value; not thread-safe.

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "storage/base/json.h"

namespace sarsen::ingest {

/// A partition of a stream. Where the stream is one topic its name is left out.
struct StreamPartition {
  std::string topic;
  std::int32_t number = 0;

  StreamPartition() = default;
  StreamPartition(std::int32_t partition) : number(partition) {}  // NOLINT(google-explicit-constructor)
  StreamPartition(std::string of_topic, std::int32_t partition) : topic(std::move(of_topic)), number(partition) {}

  /// "3", or "clicks:3" where it names its topic.
  std::string text() const;
  /// Reads that. Throws kInvalidInput.
  static StreamPartition parse(std::string_view text);

  auto operator<=>(const StreamPartition&) const = default;
};

using StreamOffsets = std::map<StreamPartition, std::int64_t>;

struct Position {
  std::string stream;          // Kafka: the topic, or the pattern of topics
  StreamOffsets next_offsets;  // partition -> the first offset not yet taken

  bool empty() const noexcept { return next_offsets.empty(); }
  /// Notes that `offset` of `partition` was taken.
  void advance(const StreamPartition& partition, std::int64_t offset) { next_offsets[partition] = offset + 1; }

  /// Druid's form: {"type":"kafka","partitions":{"type":"end","stream":…,"topic":…,
  /// "partitionSequenceNumberMap":{"0":5},"partitionOffsetMap":{"0":5}}}; the same twice, under its new and old names.
  Json to_json() const;
  /// Reads that form, each value under either name; null or absent: the empty position. Throws kInvalidInput naming the
  /// field.
  static Position parse(const JsonField& json);

  bool operator==(const Position&) const = default;
};

/// {"0":5}
Json offsets_json(const StreamOffsets& offsets);

}  // namespace sarsen::ingest
