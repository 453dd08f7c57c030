#include "server/cli/produce.h"

#include <fmt/format.h>

#include <cstddef>
#include <fstream>
#include <iostream>

#include "ingest/kafka/kafka_producer.h"
#include "server/cli/exit_status.h"
#include "storage/base/file_descriptor.h"

namespace sarsen::server {
namespace {

constexpr int kFlushTimeoutMs = 30'000;

std::size_t send_lines(std::istream& lines, const std::string& topic, ingest::KafkaProducer& producer) {
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    producer.send(topic, line);
    ++count;
  }
  return count;
}

}  // namespace

int produce(const ProduceOptions& options) {
  ingest::KafkaProducer producer(options.brokers);
  std::ifstream file;
  if (options.file != "-") {
    file.open(options.file);
    if (!file) throw_file_error("Cannot open", options.file);
  }
  const std::size_t count = send_lines(options.file == "-" ? std::cin : file, options.topic, producer);
  producer.flush(kFlushTimeoutMs);
  fmt::print(stderr, "{} {} sent to topic {} at {}\n", count, count == 1 ? "message" : "messages", options.topic,
             options.brokers);
  return kSuccess;
}

}  // namespace sarsen::server
