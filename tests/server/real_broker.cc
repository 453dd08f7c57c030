#include "tests/server/real_broker.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>

#include "tests/support/checkout.h"

namespace sarsen::server {
namespace {

namespace fs = std::filesystem;

/// The broker's second port is this much further on.
constexpr int kControllerDistance = 10'000;

bool is_free(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return bound;
}

int free_port() {
  for (int port = 21'000 + ::getpid() % 1000; port < 30'000; ++port)
    if (is_free(port) && is_free(port + kControllerDistance)) return port;
  return 0;
}

bool succeeds(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

/// The jars stay there from one run to the next.
std::string broker_folder() {
  const char* given = std::getenv("STOCK_KAFKA_DIR");
  return given != nullptr ? given : (source_folder() / "build" / "stock-kafka").string();
}

}  // namespace

RealBroker::RealBroker() {
  if (const char* given = std::getenv("SARSEN_TEST_KAFKA")) {
    address_ = given;
    return;
  }
  const fs::path program = shared_folder() / "tools" / "kafka" / "kafka";
  std::error_code ignored;
  if (!fs::exists(program, ignored) || !succeeds("command -v java") || !succeeds("command -v mvn")) {
    reason_ = "SARSEN_TEST_KAFKA=HOST:PORT is not set, and to start one takes the shared tools, Java and Maven";
    return;
  }
  const std::string tool = "'" + program.string() + "' --dir '" + broker_folder() + "'";
  const int port = free_port();
  if (!succeeds("timeout 240 " + tool + " up --port " + std::to_string(port))) {
    reason_ = "it did not start: " + tool + " up";
    return;
  }
  tool_ = tool;
  address_ = "127.0.0.1:" + std::to_string(port);
}

RealBroker::~RealBroker() {
  if (!tool_.empty()) succeeds(tool_ + " down");
}

}  // namespace sarsen::server
