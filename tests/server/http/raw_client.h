#pragma once
// A plain TCP client for tests: sends bytes as they are, reads until a pattern or the end.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sarsen::server {

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("cannot connect");
  }
  ~RawClient() { close(); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  RawClient& send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) break;  // the server has closed: the test looks at what it said
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return *this;
  }

  /// What has come up to and including `pattern`; all that came where the end or ten seconds are first.
  std::string read_until(std::string_view pattern) {
    while (received_.find(pattern) == std::string::npos && more()) {
    }
    const std::size_t at = received_.find(pattern);
    const std::size_t end = at == std::string::npos ? received_.size() : at + pattern.size();
    std::string result = received_.substr(0, end);
    received_.erase(0, end);
    return result;
  }

  /// All that comes until the server closes.
  std::string read_all() {
    while (more()) {
    }
    return std::exchange(received_, {});
  }

 private:
  bool more() {
    pollfd wait{socket_, POLLIN, 0};
    if (::poll(&wait, 1, 10'000) <= 0) return false;
    char bytes[65536];
    const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    received_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  std::string received_;
};

}  // namespace sarsen::server
