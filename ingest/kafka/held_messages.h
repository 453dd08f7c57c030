#pragma once
// The messages of one batch, and the client they came from, which must outlive them. Internal to this folder.

#include <deque>
#include <memory>
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

  std::shared_ptr<rd_kafka_t> client;
  std::vector<rd_kafka_message_t*> messages;
  std::deque<MessageDetails> details;  // of messages, which point to them
};

inline Message message_of(const rd_kafka_message_t& message) {
  Message result{std::nullopt, message.partition, message.offset};
  if (message.payload != nullptr)
    result.bytes = std::string_view(static_cast<const char*>(message.payload), message.len);
  return result;
}

}  // namespace sarsen::ingest
