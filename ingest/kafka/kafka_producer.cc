#include "ingest/kafka/kafka_producer.h"

#include <cstddef>

#include "ingest/kafka/client_handle.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

constexpr int kQueueWaitMs = 100;

/// What became of the messages, as librdkafka's callback learns it.
struct Deliveries {
  std::size_t failed = 0;
  std::string first_failure;
};

void note_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* deliveries) {
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  Deliveries& noted = *static_cast<Deliveries*>(deliveries);
  if (noted.failed++ == 0) noted.first_failure = rd_kafka_err2str(message->err);
}

void require(const char* step, rd_kafka_error_t* error) {
  if (error == nullptr) return;
  const std::string reason = rd_kafka_error_string(error);
  rd_kafka_error_destroy(error);
  throw Error(ErrorCategory::kRuntimeFailure, std::string("Kafka does not ") + step + ": " + reason);
}

}  // namespace

struct KafkaProducer::State {
  Deliveries deliveries;
  bool knows_transactions = false;
  std::unique_ptr<rd_kafka_t, DestroyProducer> client;
};

KafkaProducer::KafkaProducer(const std::string& brokers, const std::map<std::string, std::string>& properties)
    : state_(std::make_unique<State>()) {
  std::map<std::string, std::string> all = properties;
  all.emplace("bootstrap.servers", brokers);
  all.emplace("linger.ms", "5");
  auto configuration = make_configuration(all, "Kafka producer");
  rd_kafka_conf_set_dr_msg_cb(configuration.get(), note_delivery);
  rd_kafka_conf_set_opaque(configuration.get(), &state_->deliveries);
  state_->client.reset(make_client(RD_KAFKA_PRODUCER, std::move(configuration)));
}

KafkaProducer::~KafkaProducer() = default;

void KafkaProducer::send(const std::string& topic, std::string_view message, int partition) {
  while (true) {
    const auto error =
        rd_kafka_producev(state_->client.get(), RD_KAFKA_V_TOPIC(topic.c_str()),
                          RD_KAFKA_V_PARTITION(partition < 0 ? RD_KAFKA_PARTITION_UA : partition),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                          RD_KAFKA_V_VALUE(const_cast<char*>(message.data()), message.size()), RD_KAFKA_V_END);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) break;
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL)
      throw Error(ErrorCategory::kRuntimeFailure, std::string("Kafka takes no message: ") + rd_kafka_err2str(error));
    rd_kafka_poll(state_->client.get(), kQueueWaitMs);
  }
  rd_kafka_poll(state_->client.get(), 0);
}

void KafkaProducer::flush(int timeout_ms) {
  const bool all_done = rd_kafka_flush(state_->client.get(), timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR;
  if (state_->deliveries.failed > 0)
    throw Error(ErrorCategory::kRuntimeFailure, "Kafka did not take " + std::to_string(state_->deliveries.failed) +
                                                    " of the messages: " + state_->deliveries.first_failure);
  if (!all_done)
    throw Error(ErrorCategory::kRuntimeFailure, "Kafka did not answer in time; messages still waiting: " +
                                                    std::to_string(rd_kafka_outq_len(state_->client.get())));
}

void KafkaProducer::begin_transaction(int timeout_ms) {
  if (!state_->knows_transactions)
    require("take transactions", rd_kafka_init_transactions(state_->client.get(), timeout_ms));
  state_->knows_transactions = true;
  require("begin a transaction", rd_kafka_begin_transaction(state_->client.get()));
}

void KafkaProducer::commit_transaction(int timeout_ms) {
  require("commit the transaction", rd_kafka_commit_transaction(state_->client.get(), timeout_ms));
}

void KafkaProducer::abort_transaction(int timeout_ms) {
  require("abort the transaction", rd_kafka_abort_transaction(state_->client.get(), timeout_ms));
  state_->deliveries = {};  // of what was given up
}

}  // namespace sarsen::ingest
