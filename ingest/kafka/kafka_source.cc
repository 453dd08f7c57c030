#include "ingest/kafka/kafka_source.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <utility>

#include "ingest/kafka/client_handle.h"
#include "ingest/kafka/held_messages.h"
#include "ingest/kafka/read_ahead.h"
#include "ingest/stream.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kAnswerTimeoutMs = 2000;          // for a broker's answer on partitions and offsets
constexpr milliseconds kUnknownPeriod{250};     // between looks for a topic that is not there yet
constexpr milliseconds kPartitionPeriod{5000};  // between looks for new partitions
constexpr int kSliceMs = 50;                    // how soon close() is noticed

std::map<std::string, std::string> client_properties(const KafkaSettings& settings) {
  std::map<std::string, std::string> properties = settings.properties;
  properties["enable.auto.commit"] = "false";
  properties["enable.auto.offset.store"] = "false";
  ReadAhead::add_default(properties);
  properties["auto.offset.reset"] = "error";  // we decide, and say so
  return properties;
}

}  // namespace

struct KafkaSource::State {
  explicit State(KafkaSettings settings_given) : settings(std::move(settings_given)), read_ahead(settings.properties) {}

  bool is_wanted(std::int32_t partition) const;
  void discover();
  std::optional<std::vector<std::int32_t>> partitions();
  std::optional<OffsetRange> offsets(std::int32_t partition);
  std::int64_t begin_of(std::int32_t partition, const OffsetRange& available);
  std::int64_t reset(std::int32_t partition, std::int64_t wanted, const OffsetRange& available) const;
  void assign();
  void change(rd_kafka_error_t* (*how)(rd_kafka_t*, const rd_kafka_topic_partition_list_t*), std::int32_t partition,
              std::int64_t offset);
  void take(const rd_kafka_message_t& message, Batch& batch);
  void take_error(const rd_kafka_message_t& message);

  KafkaSettings settings;
  ReadAhead read_ahead;
  std::shared_ptr<rd_kafka_t> client;
  std::unique_ptr<rd_kafka_topic_t, DestroyTopic> topic;
  std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)> queue{nullptr, rd_kafka_queue_destroy};
  std::map<std::int32_t, std::int64_t> resume;
  std::map<std::int32_t, std::int64_t> next;  // the assigned partitions
  bool looked = false;                        // the topic's first partitions, or their absence, are known
  bool unreachable_told = false;
  bool assignment_is_due = false;
  bool only_added = false;  // nothing is read but what was added
  SteadyClock::time_point next_look = SteadyClock::time_point::min();
  std::atomic<bool> closed = false;
};

bool KafkaSource::State::is_wanted(std::int32_t partition) const {
  const auto& wanted = settings.partitions;
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), partition) != wanted.end();
}

/// Nullopt where the broker does not answer; none where it has no such topic.
std::optional<std::vector<std::int32_t>> KafkaSource::State::partitions() {
  const rd_kafka_metadata_t* metadata = nullptr;
  if (rd_kafka_metadata(client.get(), 0, topic.get(), &metadata, kAnswerTimeoutMs) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return std::nullopt;
  std::vector<std::int32_t> found;
  for (int at = 0; at < metadata->topic_cnt; ++at)
    for (int number = 0; number < metadata->topics[at].partition_cnt; ++number)
      found.push_back(metadata->topics[at].partitions[number].id);
  rd_kafka_metadata_destroy(metadata);
  std::sort(found.begin(), found.end());
  return found;
}

std::optional<OffsetRange> KafkaSource::State::offsets(std::int32_t partition) {
  OffsetRange result;
  if (rd_kafka_query_watermark_offsets(client.get(), settings.topic.c_str(), partition, &result.low, &result.high,
                                       kAnswerTimeoutMs) != RD_KAFKA_RESP_ERR_NO_ERROR)
    return std::nullopt;
  return result;
}

std::int64_t KafkaSource::State::reset(std::int32_t partition, std::int64_t wanted,
                                       const OffsetRange& available) const {
  if (settings.reset == OffsetReset::kFail)
    throw Error(ErrorCategory::kRuntimeFailure,
                "Kafka no longer has the offset to go on from, and auto.offset.reset forbids another: topic " +
                    settings.topic + ", partition " + std::to_string(partition) + ", offset " + std::to_string(wanted));
  const std::int64_t offset = settings.reset == OffsetReset::kEarliest ? available.low : available.high;
  log_warn("Kafka topic {} partition {} does not have offset {}, only {} to {}: going on at {}", settings.topic,
           partition, wanted, available.low, available.high, offset);
  return offset;
}

std::int64_t KafkaSource::State::begin_of(std::int32_t partition, const OffsetRange& available) {
  const auto known = resume.find(partition);
  if (known != resume.end() && looked)
    log_warn("Kafka topic {} partition {} is new, so its stored offset {} is from an older one: reading all of it",
             settings.topic, partition, known->second);
  if (looked) return available.low;
  if (known != resume.end())
    return available.contains(known->second) ? known->second : reset(partition, known->second, available);
  return settings.reset == OffsetReset::kEarliest ? available.low : available.high;
}

void KafkaSource::State::discover() {
  if (only_added || SteadyClock::now() < next_look) return;
  const auto found = partitions();
  if (!found) {
    if (!std::exchange(unreachable_told, true))
      log_warn("Kafka does not answer yet: {}: topic {}", settings.properties.at("bootstrap.servers"), settings.topic);
    next_look = SteadyClock::now() + kUnknownPeriod;
    return;
  }
  unreachable_told = false;
  std::map<std::int32_t, std::int64_t> added;
  for (const std::int32_t partition : *found) {
    if (next.contains(partition) || !is_wanted(partition)) continue;
    const auto available = offsets(partition);
    if (!available) {  // no leader just now: the same look again, as a whole
      next_look = SteadyClock::now() + kUnknownPeriod;
      return;
    }
    added[partition] = begin_of(partition, *available);
  }
  looked = true;
  next_look = SteadyClock::now() + (found->empty() ? kUnknownPeriod : kPartitionPeriod);
  if (added.empty()) return;
  for (const auto& [partition, offset] : added)
    log_info("Reading Kafka topic {} partition {} from offset {}", settings.topic, partition, offset);
  next.merge(added);
  assign();
}

/// Anew for all partitions: what was fetched but not handed out is fetched again.
void KafkaSource::State::assign() {
  const PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(next.size())));
  for (const auto& [partition, offset] : next)
    rd_kafka_topic_partition_list_add(list.get(), settings.topic.c_str(), partition)->offset = offset;
  if (const auto error = rd_kafka_assign(client.get(), list.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw Error(ErrorCategory::kRuntimeFailure,
                std::string("Kafka partitions cannot be assigned: ") + rd_kafka_err2str(error));
}

/// Of one partition: the others go on. (To assign all anew several times in a row is more than librdkafka bears.)
void KafkaSource::State::change(rd_kafka_error_t* (*how)(rd_kafka_t*, const rd_kafka_topic_partition_list_t*),
                                std::int32_t partition, std::int64_t offset) {
  const PartitionList list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), settings.topic.c_str(), partition)->offset = offset;
  rd_kafka_error_t* error = how(client.get(), list.get());
  if (error == nullptr) return;
  const std::string reason = rd_kafka_error_string(error);
  rd_kafka_error_destroy(error);
  throw Error(ErrorCategory::kRuntimeFailure, "Kafka partitions cannot be assigned: " + reason);
}

void KafkaSource::State::take_error(const rd_kafka_message_t& message) {
  if (message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || message.err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) {
    const auto partition = next.find(message.partition);
    if (partition == next.end()) return;
    const auto available = offsets(message.partition);
    // Without an answer the fetch from the same place is tried again, and fails here again.
    if (available && !available->contains(partition->second))
      partition->second = reset(message.partition, partition->second, *available);
    assignment_is_due = true;  // once for all of the batch
    return;
  }
  if (rd_kafka_fatal_error(client.get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR)
    throw Error(ErrorCategory::kRuntimeFailure, std::string("Kafka: ") + rd_kafka_message_errstr(&message));
  log_warn("Kafka topic {}: {}", settings.topic, rd_kafka_message_errstr(&message));
}

void KafkaSource::State::take(const rd_kafka_message_t& message, Batch& batch) {
  if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) return take_error(message);
  // What was fetched before a new assignment may still be under way here.
  const auto partition = next.find(message.partition);
  if (partition == next.end() || message.offset < partition->second) return;
  partition->second = message.offset + 1;
  batch.messages.push_back(message_of(message));
}

KafkaSource::KafkaSource(KafkaSettings settings) : state_(std::make_unique<State>(std::move(settings))) {
  make_configuration(client_properties(state_->settings), "consumerProps");
}

KafkaSource::~KafkaSource() = default;

void KafkaSource::start(const Position& resume) {
  State& state = *state_;
  if (!resume.empty() && resume.stream != state.settings.topic)
    throw Error(ErrorCategory::kInvalidInput,
                "The stored position is of another topic than " + state.settings.topic + ": " + resume.stream);
  for (const auto& [partition, offset] : resume.next_offsets) state.resume[partition.number] = offset;
  rd_kafka_t* client =
      make_client(RD_KAFKA_CONSUMER, make_configuration(client_properties(state.settings), "consumerProps"));
  state.client = std::shared_ptr<rd_kafka_t>(client, DestroyConsumer());
  rd_kafka_poll_set_consumer(client);
  state.queue.reset(rd_kafka_queue_get_consumer(client));
  state.topic.reset(rd_kafka_topic_new(client, state.settings.topic.c_str(), nullptr));
  state.discover();
}

Batch KafkaSource::poll(int timeout_ms) {
  State& state = *state_;
  const auto deadline = SteadyClock::now() + milliseconds(timeout_ms);
  Batch batch;
  const auto held = std::make_shared<HeldMessages>(state.client);
  while (batch.messages.empty() && !state.closed) {
    state.discover();
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - SteadyClock::now()).count();
    const int slice_ms = static_cast<int>(std::clamp<std::int64_t>(left, 0, kSliceMs));
    if (rd_kafka_message_t* first = rd_kafka_consumer_poll(state.client.get(), slice_ms)) {
      const auto taken = held->take_all(first, state.queue.get());
      if (state.read_ahead.note_taken(held->messages.size(), held->size_bytes(),
                                      rd_kafka_queue_length(state.queue.get())))
        wake(state.client.get());
      batch.messages.reserve(taken.size());
      for (const rd_kafka_message_t* message : taken) state.take(*message, batch);
      if (std::exchange(state.assignment_is_due, false)) state.assign();
    }
    if (left <= 0) break;
  }
  batch.owner = held;
  return batch;
}

void KafkaSource::committed(const Position& position) {
  if (!state_->settings.tells_group || position.empty()) return;
  const PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(position.next_offsets.size())));
  for (const auto& [partition, offset] : position.next_offsets)
    rd_kafka_topic_partition_list_add(list.get(), position.stream.c_str(), partition.number)->offset = offset;
  // Only for those who watch the group: a failure is of no consequence.
  static_cast<void>(rd_kafka_commit(state_->client.get(), list.get(), 1));
}

void KafkaSource::close() { state_->closed = true; }

void KafkaSource::read_nothing() { state_->only_added = true; }

std::optional<std::vector<std::int32_t>> KafkaSource::partitions() { return state_->partitions(); }

std::optional<std::int64_t> KafkaSource::add(std::int32_t partition, std::optional<std::int64_t> offset) {
  const auto available = state_->offsets(partition);
  if (!available) return std::nullopt;
  std::int64_t begin = state_->settings.reset == OffsetReset::kEarliest ? available->low : available->high;
  if (offset) begin = available->contains(*offset) ? *offset : state_->reset(partition, *offset, *available);
  log_info("Reading Kafka topic {} partition {} from offset {}", state_->settings.topic, partition, begin);
  state_->change(rd_kafka_incremental_assign, partition, begin);
  state_->next[partition] = begin;
  return begin;
}

std::int64_t KafkaSource::remove(std::int32_t partition) {
  const std::int64_t next = state_->next.at(partition);
  log_info("Reading Kafka topic {} partition {} no more, up to offset {}", state_->settings.topic, partition, next);
  state_->change(rd_kafka_incremental_unassign, partition, next);
  state_->next.erase(partition);
  return next;
}

void KafkaSource::add_brokers(const std::string& brokers) {
  static_cast<void>(rd_kafka_brokers_add(state_->client.get(), brokers.c_str()));  // those it knows are passed over
}

}  // namespace sarsen::ingest
