#include "ingest/kafka/kafka_stream.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

#include "engine/text/java_pattern.h"
#include "ingest/kafka/client_configuration.h"
#include "ingest/kafka/client_handle.h"
#include "ingest/kafka/held_messages.h"
#include "ingest/kafka/read_ahead.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using std::chrono::milliseconds;

constexpr int kAnswerTimeoutMs = 5000;  // for a broker's answer on topics and offsets
constexpr int kSliceMs = 50;            // how soon close() is noticed

/// Topics of Kafka's own.
bool is_internal(std::string_view topic) noexcept {
  return topic == "__consumer_offsets" || topic == "__transaction_state";
}

std::map<std::string, std::string> client_properties(const KafkaSettings& settings) {
  std::map<std::string, std::string> properties = settings.properties;
  properties["enable.auto.commit"] = "false";
  properties["enable.auto.offset.store"] = "false";
  ReadAhead::add_default(properties);
  properties["auto.offset.reset"] = "error";  // whoever reads decides
  properties["topic.metadata.refresh.interval.ms"] = "10000";
  return properties;
}

std::shared_ptr<rd_kafka_t> make_consumer(const KafkaSettings& settings) {
  rd_kafka_t* client =
      make_client(RD_KAFKA_CONSUMER, make_configuration(client_properties(settings), "consumerProperties"));
  std::shared_ptr<rd_kafka_t> owned(client, DestroyConsumer());
  rd_kafka_poll_set_consumer(client);
  return owned;
}

/// Of what Java's client throws.
const char* exception_class(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
      return "org.apache.kafka.common.errors.SaslAuthenticationException";
    case RD_KAFKA_RESP_ERR__SSL:
      return "org.apache.kafka.common.errors.SslAuthenticationException";
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return "org.apache.kafka.common.errors.TopicAuthorizationException";
    default:
      return "org.apache.kafka.common.errors.TimeoutException";
  }
}

[[noreturn]] void fail(const std::string& what, rd_kafka_resp_err_t error) {
  throw StreamFailure(what + ": " + rd_kafka_err2str(error), exception_class(error));
}

/// What a client has told of its connections: why there is no answer.
struct ConnectionTrouble {
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  std::string text;
};

void note_trouble(rd_kafka_t*, int error, const char* text, void* noted) {
  const auto code = static_cast<rd_kafka_resp_err_t>(error);
  log_debug("Kafka: {}", text);
  if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) return;  // the reason came before
  *static_cast<ConnectionTrouble*>(noted) = {code, text};
}

/// Asks and reads nothing. `trouble` is told in rd_kafka_poll, and outlives it.
std::shared_ptr<rd_kafka_t> make_asking_client(const KafkaSettings& settings, ConnectionTrouble& trouble) {
  ConfigurationHandle configuration = make_configuration(client_properties(settings), "consumerProperties");
  rd_kafka_conf_set_opaque(configuration.get(), &trouble);
  rd_kafka_conf_set_error_cb(configuration.get(), note_trouble);
  return {make_client(RD_KAFKA_CONSUMER, std::move(configuration)), DestroyConsumer()};
}

/// Throws where the broker does not answer.
OffsetRange offsets_of(rd_kafka_t* client, const std::string& topic, std::int32_t partition) {
  OffsetRange range;
  const auto error =
      rd_kafka_query_watermark_offsets(client, topic.c_str(), partition, &range.low, &range.high, kAnswerTimeoutMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    fail("Kafka does not tell the offsets of topic " + topic + ", partition " + std::to_string(partition), error);
  return range;
}

/// Reads the partitions that it is started with.
class AssignedSource final : public Source {
 public:
  AssignedSource(const KafkaSettings& settings, bool pattern, bool with_details)
      : settings_(settings), pattern_(pattern), with_details_(with_details), read_ahead_(settings.properties) {}

  void start(const Position& resume) override {
    client_ = make_consumer(settings_);
    queue_.reset(rd_kafka_queue_get_consumer(client_.get()));
    for (const auto& [partition, offset] : resume.next_offsets) next_[named(partition)] = offset;
    assign();
  }

  Batch poll(int timeout_ms) override;
  void committed(const Position& position) override;
  void close() override { closed_ = true; }

 private:
  StreamPartition named(const StreamPartition& partition) const {
    return pattern_ ? partition : StreamPartition(settings_.topic, partition.number);
  }
  void assign();
  void take(const rd_kafka_message_t& message, HeldMessages& held, Batch& batch);
  void take_error(const rd_kafka_message_t& message);
  void check_offset(const StreamPartition& partition, std::int64_t offset);
  std::int64_t* next_of(const rd_kafka_message_t& message);

  const KafkaSettings settings_;
  const bool pattern_;
  const bool with_details_;
  ReadAhead read_ahead_;
  std::shared_ptr<rd_kafka_t> client_;
  std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)> queue_{nullptr, rd_kafka_queue_destroy};
  StreamOffsets next_;    // of the assigned partitions, which all name their topic
  StreamPartition last_;  // messages mostly come in runs of one partition
  const rd_kafka_topic_t* last_topic_ = nullptr;
  std::int64_t* last_next_ = nullptr;  // its offset in next_
  bool assignment_is_due_ = false;
  std::atomic<bool> closed_{false};
};

void AssignedSource::assign() {
  const PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(next_.size())));
  for (const auto& [partition, offset] : next_)
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.number)->offset = offset;
  if (const auto error = rd_kafka_assign(client_.get(), list.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR)
    fail("Kafka partitions cannot be assigned", error);
}

std::int64_t* AssignedSource::next_of(const rd_kafka_message_t& message) {
  if (message.rkt == nullptr) return nullptr;
  if (last_next_ != nullptr && last_topic_ == message.rkt && last_.number == message.partition) return last_next_;
  last_ = StreamPartition(rd_kafka_topic_name(message.rkt), message.partition);
  const auto found = next_.find(last_);
  last_topic_ = message.rkt;
  return last_next_ = found == next_.end() ? nullptr : &found->second;
}

void AssignedSource::check_offset(const StreamPartition& partition, std::int64_t offset) {
  const OffsetRange available = offsets_of(client_.get(), partition.topic, partition.number);
  if (available.contains(offset)) return;
  const StreamPartition told = pattern_ ? partition : StreamPartition(partition.number);
  throw OffsetOutOfRange("OffsetOutOfRangeException with message [Fetch position " + std::to_string(offset) +
                             " is out of range for partition " + partition.topic + "-" +
                             std::to_string(partition.number) + ": it has " + std::to_string(available.low) + " to " +
                             std::to_string(available.high) + "]",
                         told, offset, available);
}

void AssignedSource::take_error(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || message.err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) {
    if (const std::int64_t* next = next_of(message)) check_offset(last_, *next);
    assignment_is_due_ = true;  // it is there after all; once for all of the batch
    return;
  }
  if (rd_kafka_fatal_error(client_.get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw Error(ErrorCategory::kRuntimeFailure, std::string("Kafka: ") + rd_kafka_message_errstr(&message));
  log_warn("Kafka {}: {}", settings_.topic, rd_kafka_message_errstr(&message));
}

MessageDetails details_of(const rd_kafka_message_t& message) {
  MessageDetails details;
  if (message.key != nullptr) details.key = std::string_view(static_cast<const char*>(message.key), message.key_len);
  rd_kafka_timestamp_type_t type{};
  details.timestamp_ms = rd_kafka_message_timestamp(&message, &type);
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return details;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
    details.headers.emplace_back(
        name, value == nullptr ? std::nullopt : std::optional(std::string_view(static_cast<const char*>(value), size)));
  return details;
}

void AssignedSource::take(const rd_kafka_message_t& message, HeldMessages& held, Batch& batch) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) return take_error(message);
  std::int64_t* next = next_of(message);
  if (next == nullptr || message.offset < *next) return;  // fetched before a new assignment
  *next = message.offset + 1;
  Message& taken = batch.messages.emplace_back(message_of(message));
  if (pattern_) taken.topic = rd_kafka_topic_name(message.rkt);
  if (with_details_) taken.details = &held.details.emplace_back(details_of(message));
}

Batch AssignedSource::poll(int timeout_ms) {
  const auto deadline = std::chrono::steady_clock::now() + milliseconds(timeout_ms);
  Batch batch;
  const auto held = std::make_shared<HeldMessages>(client_);
  while (batch.messages.empty() && !closed_) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    const int slice_ms = static_cast<int>(std::clamp<std::int64_t>(left, 0, kSliceMs));
    if (rd_kafka_message_t* first = rd_kafka_consumer_poll(client_.get(), slice_ms)) {
      const auto taken = held->take_all(first, queue_.get());
      if (read_ahead_.note_taken(held->messages.size(), held->size_bytes(), rd_kafka_queue_length(queue_.get())))
        wake(client_.get());
      batch.messages.reserve(taken.size());
      for (const rd_kafka_message_t* message : taken) take(*message, *held, batch);
      if (std::exchange(assignment_is_due_, false)) assign();
    }
    if (left <= 0) break;
  }
  batch.owner = held;
  return batch;
}

void AssignedSource::committed(const Position& position) {
  if (!settings_.tells_group || position.empty()) return;
  const PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(position.next_offsets.size())));
  for (const auto& [partition, offset] : position.next_offsets)
    rd_kafka_topic_partition_list_add(list.get(), named(partition).topic.c_str(), partition.number)->offset = offset;
  // Only for those who watch the group: a failure is of no consequence.
  static_cast<void>(rd_kafka_commit(client_.get(), list.get(), 1));
}

}  // namespace

struct KafkaStream::State {
  State(const KafkaStreamOptions& given, KafkaSettings read)
      : options(given), settings(std::move(read)), matcher(given.pattern ? given.stream : std::string()) {}

  std::vector<StreamPartition> partitions();
  std::vector<StreamPartition> found_in(const rd_kafka_metadata_t& metadata) const;
  rd_kafka_t* connected() {
    if (!client) client = make_asking_client(settings, trouble);
    return client.get();
  }
  [[noreturn]] void fail_to_connect(rd_kafka_resp_err_t error);

  const KafkaStreamOptions options;
  const KafkaSettings settings;
  const engine::JavaPattern matcher;
  ConnectionTrouble trouble;           // before the client that writes it
  std::shared_ptr<rd_kafka_t> client;  // asks for topics and offsets
};

using Metadata = std::unique_ptr<const rd_kafka_metadata_t, decltype(&rd_kafka_metadata_destroy)>;

/// With the reason, such as a wrong password, where the client has one: it tells the same one twice at most every half
/// a minute, so the last one counts until there is an answer.
void KafkaStream::State::fail_to_connect(rd_kafka_resp_err_t error) {
  const std::string what = "Kafka does not answer at " + settings.properties.at("bootstrap.servers");
  rd_kafka_poll(client.get(), 0);
  if (trouble.error == RD_KAFKA_RESP_ERR_NO_ERROR) fail(what, error);
  // A certificate that the broker does not like shows as a connection that breaks.
  const bool of_tls = trouble.text.find("SSL routines") != std::string::npos;
  throw StreamFailure(what + ": " + trouble.text, exception_class(of_tls ? RD_KAFKA_RESP_ERR__SSL : trouble.error));
}

std::vector<StreamPartition> KafkaStream::State::found_in(const rd_kafka_metadata_t& metadata) const {
  std::vector<StreamPartition> found;
  for (int at = 0; at < metadata.topic_cnt; ++at) {
    const rd_kafka_metadata_topic_t& told = metadata.topics[at];
    if (options.pattern && (is_internal(told.topic) || !matcher.matches(told.topic))) continue;
    if (told.err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
      fail("Kafka does not let us read the topic " + std::string(told.topic), told.err);
    for (int i = 0; i < told.partition_cnt; ++i) found.emplace_back(told.topic, told.partitions[i].id);
  }
  return found;
}

/// Each with its topic.
std::vector<StreamPartition> KafkaStream::State::partitions() {
  rd_kafka_t* asked = connected();
  std::unique_ptr<rd_kafka_topic_t, DestroyTopic> topic;
  if (!options.pattern) topic.reset(rd_kafka_topic_new(asked, settings.topic.c_str(), nullptr));
  const rd_kafka_metadata_t* answer = nullptr;
  const auto error = rd_kafka_metadata(asked, options.pattern ? 1 : 0, topic.get(), &answer, kAnswerTimeoutMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) fail_to_connect(error);
  rd_kafka_poll(asked, 0);  // troubles that are over
  trouble = {};
  const Metadata metadata(answer, rd_kafka_metadata_destroy);
  return found_in(*metadata);
}

KafkaStream::KafkaStream(const KafkaStreamOptions& options)
    : state_(std::make_unique<State>(
          options, parse_kafka_settings(options.stream, options.properties, "", "consumerProperties"))) {
  make_configuration(client_properties(state_->settings), "consumerProperties");
}

KafkaStream::~KafkaStream() = default;

std::map<StreamPartition, OffsetRange> KafkaStream::look() {
  std::map<StreamPartition, OffsetRange> ranges;
  for (const StreamPartition& partition : state_->partitions()) {
    const OffsetRange range = offsets_of(state_->client.get(), partition.topic, partition.number);
    ranges.emplace(state_->options.pattern ? partition : StreamPartition(partition.number), range);
  }
  return ranges;
}

std::unique_ptr<Source> KafkaStream::open() {
  return std::make_unique<AssignedSource>(state_->settings, state_->options.pattern, state_->options.with_details);
}

}  // namespace sarsen::ingest
