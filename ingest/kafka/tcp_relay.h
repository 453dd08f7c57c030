#pragma once
// Passes bytes between a fixed port of this machine and another one: the fixed address of the embedded Kafka. One
// thread moves the bytes of all connections.

#include <cstdint>
#include <memory>

namespace sarsen::ingest {

class TcpRelay {
 public:
  /// Listens on 127.0.0.1:`port` and connects each client to 127.0.0.1:`target`. Throws kInvalidInput where `port` is
  /// taken.
  TcpRelay(std::uint16_t port, std::uint16_t target);
  ~TcpRelay();
  TcpRelay(const TcpRelay&) = delete;
  TcpRelay& operator=(const TcpRelay&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sarsen::ingest
