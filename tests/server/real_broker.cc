#include "tests/server/real_broker.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>

#include "ingest/kafka/kafka_producer.h"
#include "ingest/zookeeper/kafka_nodes.h"
#include "storage/base/error.h"
#include "tests/support/checkout.h"
#include "tests/support/wait_until.h"

namespace sarsen::server {
namespace {

namespace fs = std::filesystem;

/// The broker's second port, or ZooKeeper's, is this much further on.
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

}  // namespace

int free_ports(int count) {
  for (int port = 22'000 + ::getpid() % 1000 * 7; port < 30'000; ++port) {
    int free = 0;
    while (free < count && is_free(port + free)) ++free;
    if (free == count) return port;
  }
  return 0;
}

namespace {

/// The jars stay there from one run to the next.
std::string broker_folder(RealBroker::Kind kind) {
  const char* given = std::getenv("STOCK_KAFKA_DIR");
  const std::string folder = given != nullptr ? given : (source_folder() / "build" / "stock-kafka").string();
  return kind == RealBroker::Kind::kAlone ? folder : folder + "-zookeeper";  // one folder is one broker
}

/// Of the brokers that are registered there.
std::string address_in(const std::string& zookeeper) {
  const auto client = ingest::connect_zookeeper(ingest::parse_connect_string("zookeeper", zookeeper), {});
  client->session(10'000);
  return ingest::find_brokers(*client, "PLAINTEXT").value_or("");
}

/// The shared tool for the folder; empty where it, Java or Maven is missing.
std::string tool_for(const std::string& folder) {
  const fs::path program = shared_folder() / "tools" / "kafka" / "kafka";
  std::error_code ignored;
  if (!fs::exists(program, ignored) || !succeeds("command -v java") || !succeeds("command -v mvn")) return "";
  return "'" + program.string() + "' --dir '" + folder + "'";
}

/// A broker that has just started may not know yet that there is one to keep a new topic.
bool takes_messages(const std::string& address) {
  try {
    ingest::KafkaProducer producer(address);
    producer.send("first", "first");
    producer.flush(10'000);
    return true;
  } catch (const Error&) {
    return false;
  }
}

bool start_at(const std::string& tool, int port, const std::string& more = "") {
  return succeeds("timeout 240 " + tool + " up --port " + std::to_string(port) + more);
}

}  // namespace

std::string kafka_jars(std::string& reason) {
  const fs::path folder = broker_folder(RealBroker::Kind::kAlone);
  const std::string tool = tool_for(folder.string());
  if (tool.empty()) {
    reason = "to start one takes the shared tools, Java and Maven";
    return "";
  }
  std::error_code ignored;
  const bool there = fs::exists(folder / "lib" / ".complete", ignored);
  if (!there && !(start_at(tool, free_port()) && succeeds(tool + " down"))) {
    reason = "it did not start: " + tool + " up";
    return "";
  }
  return (folder / "lib").string();
}

RealBroker::RealBroker(Kind kind) {
  if (kind == Kind::kAlone) {
    if (const char* given = std::getenv("SARSEN_TEST_KAFKA")) address_ = given;
  } else if (const char* given = std::getenv("SARSEN_TEST_ZOOKEEPER")) {
    zookeeper_ = given;
    address_ = address_in(zookeeper_);
    if (address_.empty()) reason_ = "no broker is registered in SARSEN_TEST_ZOOKEEPER=" + zookeeper_;
    return;
  }
  if (address_.empty()) start(kind);
}

void RealBroker::start(Kind kind) {
  const std::string tool = tool_for(broker_folder(kind));
  if (tool.empty()) {
    reason_ = std::string(kind == Kind::kAlone ? "SARSEN_TEST_KAFKA" : "SARSEN_TEST_ZOOKEEPER") +
              "=HOST:PORT is not set, and to start one takes the shared tools, Java and Maven";
    return;
  }
  const int port = free_port();
  const std::string more = " --zookeeper --zookeeper-port " + std::to_string(port + kControllerDistance);
  const bool is_ours = kind == Kind::kInZooKeeper || std::getenv("STOCK_KAFKA_DIR") == nullptr;
  if (is_ours) succeeds(tool + " down --wipe");  // it remembers how it was started, and starts slowly with many topics
  if (!start_at(tool, port, kind == Kind::kInZooKeeper ? more : "")) {
    reason_ = "it did not start: " + tool + " up";
    return;
  }
  tool_ = tool;
  address_ = "127.0.0.1:" + std::to_string(port);
  if (!wait_until([this] { return takes_messages(address_); })) reason_ = "it takes no messages";
  if (kind == Kind::kInZooKeeper) zookeeper_ = "127.0.0.1:" + std::to_string(port + kControllerDistance);
}

bool RealBroker::create_topic(const std::string& topic, int partitions) const {
  return !tool_.empty() && succeeds(tool_ + " create " + topic + " --partitions " + std::to_string(partitions));
}

RealBroker::~RealBroker() {
  if (!tool_.empty()) succeeds(tool_ + " down");
}

}  // namespace sarsen::server
