#pragma once
// Sends messages to a Kafka topic: for `sarsen produce`, the quickstart and tests. Not thread-safe.

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace sarsen::ingest {

class KafkaProducer {
 public:
  /// `brokers`: "HOST:PORT,…". That none of them can be reached shows in flush(). `properties` are librdkafka's; with a
  /// transactional.id messages are sent within transactions only. Throws kInvalidInput naming the property.
  explicit KafkaProducer(const std::string& brokers, const std::map<std::string, std::string>& properties = {});
  ~KafkaProducer();
  KafkaProducer(const KafkaProducer&) = delete;
  KafkaProducer& operator=(const KafkaProducer&) = delete;

  /// Queues a copy of `message`; waits while the queue is full. To `partition`, or any where it is negative.
  void send(const std::string& topic, std::string_view message, int partition = -1);

  /// Returns when all messages have arrived. Throws kRuntimeFailure with the first reason where one has not within
  /// `timeout_ms`.
  void flush(int timeout_ms);

  // Each throws kRuntimeFailure where the broker refuses or does not answer within `timeout_ms`.
  void begin_transaction(int timeout_ms);
  void commit_transaction(int timeout_ms);
  void abort_transaction(int timeout_ms);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sarsen::ingest
