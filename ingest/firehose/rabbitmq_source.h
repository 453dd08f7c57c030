#pragma once
// A queue of RabbitMQ as a Source; rabbitmq_source.cc is the one door to librabbitmq, which the build may lack.
//
// At least once: a message is acknowledged when the rows made of it are on disk, so none is lost. Those that were
// handed out and not acknowledged when the connection, or this process, ended are delivered again: rows of them that
// were persisted just then, and after a lost connection those in memory too, are there twice. An offset is the number
// of a message as it came.

#include <cstdint>
#include <memory>
#include <string>

#include "ingest/source.h"

namespace sarsen::ingest {

struct RabbitmqSettings {
  std::string host = "localhost";
  std::int64_t port = 5672;
  std::string username = "guest";
  std::string password = "guest";
  std::string virtual_host = "/";
  std::int64_t heartbeat_s = 0;  // 0: none
  std::int64_t connection_timeout_ms = 10'000;

  std::string exchange;
  std::string queue;  // is made where it is not there, and bound to the exchange
  std::string routing_key;
  bool durable = false;
  bool exclusive = false;
  bool auto_delete = false;

  // Of one loss of the connection; then the stream ends with an error.
  std::int64_t retries_max = 100;
  std::int64_t retry_interval_s = 2;
  std::int64_t retry_duration_s_max = 300;

  /// What amqp://user:password@host:port/virtualHost says. Throws kInvalidInput, kUnsupported for amqps.
  void read_uri(const std::string& uri);
};

/// Whether the build has librabbitmq.
bool rabbitmq_is_built() noexcept;

/// start() throws kInvalidInput where the broker refuses, poll() kRuntimeFailure where it cannot be reached for longer
/// than the settings allow. REQUIRES: rabbitmq_is_built().
std::unique_ptr<Source> make_rabbitmq_source(RabbitmqSettings settings);

}  // namespace sarsen::ingest
