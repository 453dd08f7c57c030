#pragma once
// A Kafka topic as a Source. All partitions are read, assigned by ourselves from the positions given: there is no
// consumer group to wait for, and nothing of Kafka's offset store decides what is read.
//
// Where reading begins: a partition of the resume position at that offset; one that exists at the start without a
// position as auto.offset.reset says; one that appears later at its beginning, because all of it is newer than the
// start. An offset that the broker does not have (trimmed away, or a topic made anew) is a warning, and
// auto.offset.reset decides.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/kafka/kafka_settings.h"
#include "ingest/source.h"

namespace sarsen::ingest {

class KafkaSource final : public Source {
 public:
  /// Checks the settings; throws kInvalidInput.
  explicit KafkaSource(KafkaSettings settings);
  ~KafkaSource() override;

  void start(const Position& resume) override;
  Batch poll(int timeout_ms) override;
  void committed(const Position& position) override;
  void close() override;

  /// Brokers that are to be asked too, "host:port,…". REQUIRES: started.
  void add_brokers(const std::string& brokers);

  // Where somebody else decides what is read. By the thread that polls. REQUIRES: started.

  /// From here on only what is added is read. Before start().
  void read_nothing();
  /// The topic's, in order; nullopt where the broker does not answer.
  std::optional<std::vector<std::int32_t>> partitions();
  /// Begins at `offset`, or where auto.offset.reset says. The offset; nullopt where the broker does not answer.
  std::optional<std::int64_t> add(std::int32_t partition, std::optional<std::int64_t> offset);
  /// The next offset that would have come.
  std::int64_t remove(std::int32_t partition);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sarsen::ingest
