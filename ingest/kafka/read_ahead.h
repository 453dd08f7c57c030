#pragma once
// How far librdkafka reads ahead of whoever takes its messages. Once its queue is full it looks for room only every
// second (as of 2.0), so that a reader who is slower than the network and faster than that would wait most of its time.
// Hence this: it tells when a queue that was full is half empty, for the client to be woken then. Far fewer messages
// are read ahead than librdkafka would: those are still in the processor's cache when they are taken.
//
// Not thread-safe: the reader's.

#include <cstddef>
#include <map>
#include <string>

namespace sarsen::ingest {

class ReadAhead {
 public:
  using Properties = std::map<std::string, std::string>;

  /// Sets how many messages are read ahead, where that is left open.
  static void add_default(Properties& properties);

  /// REQUIRES: librdkafka takes the properties.
  explicit ReadAhead(const Properties& properties);

  /// Messages of so many bytes were taken, and `left` are in the queue: whether the client should be woken.
  bool note_taken(std::size_t messages, std::size_t bytes, std::size_t left) noexcept;

 private:
  std::size_t messages_max_;
  std::size_t bytes_max_;
  bool was_full_ = false;
};

}  // namespace sarsen::ingest
