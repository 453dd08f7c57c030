#pragma once
// The offset that is next in the partition of a message. Messages mostly come from the partition of the one before,
// which is found without looking for it. Not thread-safe: the reader's.

#include <string>

#include "ingest/position.h"
#include "ingest/source.h"

namespace sarsen::ingest {

class NextOffsets {
 public:
  /// Calls added(partition) where it is the first message of a partition; its next offset is its own then. REQUIRES:
  /// the same `offsets` as before, to which others only add.
  template <class Added>
  std::int64_t& of(const Message& message, StreamOffsets& offsets, Added added) {
    if (last_ != nullptr && last_->first.number == message.partition && last_->first.topic == message.topic)
      return last_->second;
    const StreamPartition partition(std::string(message.topic), message.partition);
    const auto [found, is_new] = offsets.try_emplace(partition, message.offset);
    if (is_new) added(partition);
    last_ = &*found;
    return last_->second;
  }

 private:
  StreamOffsets::value_type* last_ = nullptr;
};

}  // namespace sarsen::ingest
