#include "ingest/kafka/mock_cluster.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "ingest/kafka/client_handle.h"
#include "ingest/kafka/tcp_relay.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

struct DestroyCluster {
  void operator()(rd_kafka_mock_cluster_t* cluster) const noexcept { rd_kafka_mock_cluster_destroy(cluster); }
};

constexpr int kBroker = 1;

rd_kafka_t* make_owner() {
  // The mock cluster needs a client to belong to; that one has no broker to connect to.
  return make_client(RD_KAFKA_PRODUCER, make_configuration({}, "embedded Kafka"));
}

std::uint16_t port_of(const std::string& address) {
  return static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
}

}  // namespace

struct MockCluster::State {
  std::unique_ptr<rd_kafka_t, DestroyProducer> owner;
  std::unique_ptr<rd_kafka_mock_cluster_t, DestroyCluster> cluster;
  std::unique_ptr<TcpRelay> relay;
  std::string brokers;
};

MockCluster::MockCluster(std::uint16_t port) : state_(std::make_unique<State>()) {
  state_->owner.reset(make_owner());
  state_->cluster.reset(rd_kafka_mock_cluster_new(state_->owner.get(), 1));
  if (!state_->cluster) throw Error(ErrorCategory::kRuntimeFailure, "The embedded Kafka cannot be started");
  state_->brokers = rd_kafka_mock_cluster_bootstraps(state_->cluster.get());
  if (port == 0) return;
  state_->relay = std::make_unique<TcpRelay>(port, port_of(state_->brokers));
  state_->brokers = "127.0.0.1:" + std::to_string(port);
}

MockCluster::~MockCluster() = default;

const std::string& MockCluster::brokers() const noexcept { return state_->brokers; }

void MockCluster::create_topic(const std::string& topic, int partitions) {
  const auto error = rd_kafka_mock_topic_create(state_->cluster.get(), topic.c_str(), partitions, 1);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw Error(ErrorCategory::kInvalidInput,
                std::string("The topic cannot be created: ") + rd_kafka_err2str(error) + ": " + topic);
}

void MockCluster::hide_topic(const std::string& topic, bool hidden) {
  rd_kafka_mock_topic_set_error(state_->cluster.get(), topic.c_str(),
                                hidden ? RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART : RD_KAFKA_RESP_ERR_NO_ERROR);
}

void MockCluster::set_down() { rd_kafka_mock_broker_set_down(state_->cluster.get(), kBroker); }

void MockCluster::set_up() { rd_kafka_mock_broker_set_up(state_->cluster.get(), kBroker); }

}  // namespace sarsen::ingest
