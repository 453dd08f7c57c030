#pragma once
// A Kafka broker inside this process: librdkafka's mock cluster of one broker, which other programs can use as well.
// Topics appear when first written to (four partitions, or as create_topic says). It keeps messages in memory only, the
// last 5 MiB of each partition, and forgets all of them at the end: for trying things out, and for tests.
//
// librdkafka lets the system choose the broker's port. Where a fixed one is asked for, a relay listens there: a Kafka
// client needs the address it is given only to ask for the brokers' own, and goes on with those.

#include <cstdint>
#include <memory>
#include <string>

namespace sarsen::ingest {

class MockCluster {
 public:
  /// `port` 0: only the port that the system chooses. Throws kInvalidInput where `port` is taken.
  explicit MockCluster(std::uint16_t port = 0);
  ~MockCluster();
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  /// "127.0.0.1:PORT": the fixed port where there is one.
  const std::string& brokers() const noexcept;

  /// Throws kInvalidInput where there is one of that name.
  void create_topic(const std::string& topic, int partitions);

  /// Answers as if there were no such topic yet.
  void hide_topic(const std::string& topic, bool hidden);

  /// Refuses connections and drops those there are, until set_up().
  void set_down();
  void set_up();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sarsen::ingest
