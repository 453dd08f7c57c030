#pragma once
// A real Kafka broker for tests: the one that SARSEN_TEST_KAFKA=HOST:PORT names, else one that the shared tools start
// (Java and Maven needed), else none. Or one that is registered in a real ZooKeeper: that which
// SARSEN_TEST_ZOOKEEPER=HOST:PORT names, else one that is started with it.

#include <string>

namespace sarsen::server {

/// The first of `count` ports of this machine that nobody listens at.
int free_ports(int count);

/// The jars of Kafka, fetched where they are not there yet; empty, and the reason, where that cannot be.
std::string kafka_jars(std::string& reason);

class RealBroker {
 public:
  enum class Kind { kAlone, kInZooKeeper };

  explicit RealBroker(Kind kind = Kind::kAlone);
  /// Stops it where it was started here.
  ~RealBroker();
  RealBroker(const RealBroker&) = delete;
  RealBroker& operator=(const RealBroker&) = delete;

  /// "HOST:PORT"; empty where there is none.
  const std::string& address() const noexcept { return address_; }
  /// "HOST:PORT" of the ZooKeeper; empty where there is none.
  const std::string& zookeeper() const noexcept { return zookeeper_; }
  /// False where it was not started here.
  bool create_topic(const std::string& topic, int partitions) const;
  /// Why there is none.
  const std::string& reason() const noexcept { return reason_; }

 private:
  void start(Kind kind);

  std::string address_;
  std::string zookeeper_;
  std::string reason_;
  std::string tool_;  // with its folder; empty where nothing was started
};

}  // namespace sarsen::server
