#pragma once
// `sarsen produce`: sends the lines of a file to a Kafka topic, so that trying things out needs no other program.

#include <string>

namespace sarsen::server {

struct ProduceOptions {
  std::string brokers = "127.0.0.1:9092";
  std::string topic;
  std::string file = "-";
};

/// Returns the exit status.
int produce(const ProduceOptions& options);

}  // namespace sarsen::server
