#include "ingest/kafka/tcp_relay.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ingest/kafka/kafka_producer.h"
#include "ingest/kafka/mock_cluster.h"

namespace sarsen::ingest {
namespace {

/// A port that was free a moment ago.
std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
  ::close(socket);
  return ntohs(address.sin_port);
}

TEST(TcpRelayTest, LetsAFixedPortStandForTheBroker) {
  const std::uint16_t port = free_port();
  const MockCluster cluster(port);
  EXPECT_EQ(cluster.brokers(), "127.0.0.1:" + std::to_string(port));
  KafkaProducer producer(cluster.brokers());
  for (int number = 0; number < 1000; ++number) producer.send("topic", "message");
  producer.flush(10'000);
}

TEST(TcpRelayTest, EndsWithOpenConnections) {
  const std::uint16_t port = free_port();
  auto cluster = std::make_unique<MockCluster>(port);
  KafkaProducer producer(cluster->brokers());
  producer.send("topic", "message");
  producer.flush(10'000);
  cluster.reset();
  EXPECT_NE(free_port(), 0);
}

}  // namespace
}  // namespace sarsen::ingest
