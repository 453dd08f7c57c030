#pragma once
// The messages of one batch, and the client they came from, which must outlive them. Internal to this folder.

#include <algorithm>
#include <deque>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "ingest/kafka/client_handle.h"
#include "ingest/source.h"

namespace sarsen::ingest {

struct HeldMessages {
  explicit HeldMessages(std::shared_ptr<rd_kafka_t> from) : client(std::move(from)) {}
  HeldMessages(const HeldMessages&) = delete;
  HeldMessages& operator=(const HeldMessages&) = delete;
  ~HeldMessages() {
    for (rd_kafka_message_t* message : messages) rd_kafka_message_destroy(message);
  }

  /// Holds `first` and what else is in the queue at once: those.
  std::span<rd_kafka_message_t* const> take_all(rd_kafka_message_t* first, rd_kafka_queue_t* queue) {
    const std::size_t before = messages.size();
    messages.resize(before + 1 + kMessagesMax);
    messages[before] = first;
    const ssize_t count = rd_kafka_consume_batch_queue(queue, 0, messages.data() + before + 1, kMessagesMax);
    messages.resize(before + 1 + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    return std::span(messages).subspan(before);
  }
  std::size_t size_bytes() const noexcept {
    std::size_t bytes = 0;
    for (const rd_kafka_message_t* message : messages) bytes += message->len;
    return bytes;
  }

  /// So many that they, and what librdkafka keeps for each, are still in the cache of the processor's core when they are
  /// given back.
  static constexpr std::size_t kMessagesMax = 255;

  std::shared_ptr<rd_kafka_t> client;
  std::vector<rd_kafka_message_t*> messages;
  std::deque<MessageDetails> details;  // of messages, which point to them
};

/// Has the client's threads look at what there is to do, by way of a question to each broker that leads a partition.
inline void wake(rd_kafka_t* client) {
  constexpr int kTimeoutMs = 100;
  rd_kafka_topic_partition_list_t* assigned = nullptr;
  if (rd_kafka_assignment(client, &assigned) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const PartitionList list(assigned);
  for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = RD_KAFKA_OFFSET_END;
  static_cast<void>(rd_kafka_offsets_for_times(client, list.get(), kTimeoutMs));  // the answer is of no interest
}

inline Message message_of(const rd_kafka_message_t& message) {
  Message result{std::nullopt, message.partition, message.offset};
  if (message.payload != nullptr)
    result.bytes = std::string_view(static_cast<const char*>(message.payload), message.len);
  return result;
}

}  // namespace sarsen::ingest
