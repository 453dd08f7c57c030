#pragma once
// Kafka's topics as a Stream: one topic, or all whose whole names match a pattern.

#include <memory>
#include <optional>
#include <string>

#include "ingest/kafka/kafka_settings.h"
#include "ingest/stream.h"

namespace sarsen::ingest {

struct KafkaStreamOptions {
  std::string stream;             // the topic, or the pattern
  bool pattern = false;           // partitions name their topic then
  ConsumerProperties properties;  // as parse_consumer_properties gives them
  bool with_details = false;      // messages come with key, time and headers
};

class KafkaStream final : public Stream {
 public:
  /// Checks the settings; connects later. Throws kInvalidInput naming the property, or what is wrong with the pattern.
  explicit KafkaStream(const KafkaStreamOptions& options);
  ~KafkaStream() override;

  std::map<StreamPartition, OffsetRange> look() override;
  std::unique_ptr<Source> open() override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sarsen::ingest
