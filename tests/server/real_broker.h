#pragma once
// A real Kafka broker for tests: the one that SARSEN_TEST_KAFKA=HOST:PORT names, else one that the shared tools start
// (Java and Maven needed), else none.

#include <string>

namespace sarsen::server {

class RealBroker {
 public:
  RealBroker();
  /// Stops it where it was started here.
  ~RealBroker();
  RealBroker(const RealBroker&) = delete;
  RealBroker& operator=(const RealBroker&) = delete;

  /// "HOST:PORT"; empty where there is none.
  const std::string& address() const noexcept { return address_; }
  /// Why there is none.
  const std::string& reason() const noexcept { return reason_; }

 private:
  std::string address_;
  std::string reason_;
  std::string tool_;  // with its folder; empty where nothing was started
};

}  // namespace sarsen::server
