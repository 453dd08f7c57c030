#pragma once
// What a supervisor reads: a stream of several partitions, shared out over readers. Kafka's is in ingest/kafka; tests
// have their own. Errors: StreamFailure where the other side does not answer.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "ingest/position.h"
#include "ingest/source.h"
#include "storage/base/error.h"

namespace sarsen::ingest {

/// The offsets that a partition has: the oldest one, and the next one to be written.
struct OffsetRange {
  std::int64_t low = 0;
  std::int64_t high = 0;
  bool contains(std::int64_t offset) const noexcept { return low <= offset && offset <= high; }
};

/// A source cannot go on from where it is: the offset was trimmed away, or the stream made anew.
class OffsetOutOfRange : public Error {
 public:
  OffsetOutOfRange(const std::string& message, StreamPartition of, std::int64_t offset, OffsetRange range)
      : Error(ErrorCategory::kRuntimeFailure, message), partition(std::move(of)), wanted(offset), available(range) {}

  StreamPartition partition;
  std::int64_t wanted;
  OffsetRange available;
};

/// The other side does not answer, or does not want to: a broker that is away, a wrong password.
class StreamFailure : public Error {
 public:
  /// `of_class`: Druid's name for it.
  StreamFailure(const std::string& message, std::string of_class)
      : Error(ErrorCategory::kRuntimeFailure, message), exception_class(std::move(of_class)) {}

  std::string exception_class;
};

class Stream {
 public:
  virtual ~Stream() = default;

  /// All partitions of now; none where there is no such topic. Waits for an answer. One thread at a time.
  virtual std::map<StreamPartition, OffsetRange> look() = 0;

  /// A reader of exactly the partitions in the position that it is started with, from there on. Its poll() throws
  /// OffsetOutOfRange. Any thread.
  virtual std::unique_ptr<Source> open() = 0;
};

}  // namespace sarsen::ingest
