#include "ingest/kafka/zookeeper_source.h"

#include <algorithm>
#include <charconv>
#include <thread>
#include <utility>

#include "ingest/zookeeper/kafka_nodes.h"
#include "storage/base/error.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kLookPeriod{200};    // between looks for brokers
constexpr milliseconds kIdlePeriod{2'000};  // of silence, until ZooKeeper is asked again
constexpr milliseconds kSlice{20};          // how soon close() is noticed
constexpr milliseconds kPatience{2'000};    // before it is said that ZooKeeper does not answer
constexpr int kTimeoutMaxMs = 600'000;

std::string value_or(const ConsumerProperties& properties, std::string_view name, const std::string& otherwise) {
  const auto found = properties.find(name);
  return found == properties.end() ? otherwise : found->second;
}

int timeout_ms(const ConsumerProperties& properties, const std::string& name) {
  const std::string text = value_or(properties, name, "6000");  // Kafka 0.8's
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > kTimeoutMaxMs)
    throw Error(ErrorCategory::kInvalidInput,
                "consumerProps: " + name + " must be milliseconds from 1 to 600000, but is: " + text);
  return value;
}

ZooKeeperSettings zookeeper_settings(const ConsumerProperties& properties) {
  ZooKeeperSettings settings =
      parse_connect_string("consumerProps: zookeeper.connect", value_or(properties, "zookeeper.connect", ""));
  settings.session_timeout_ms = timeout_ms(properties, "zookeeper.session.timeout.ms");
  settings.answer_timeout_ms = timeout_ms(properties, "zookeeper.connection.timeout.ms");
  return settings;
}

ConnectZooKeeper connecting(const ConsumerProperties& properties) {
  check_zookeeper_is_built(
      "consumerProps: zookeeper.connect, without \"bootstrap.servers\": \"host:9092\" (or \"metadata.broker.list\") "
      "beside it");
  return [settings = zookeeper_settings(properties)](ZooKeeper::Listener listener) {
    return connect_zookeeper(settings, std::move(listener));
  };
}

/// offsets.storage of Kafka 0.8.2: zookeeper unless kafka is named, and then both unless that is forbidden.
bool stores_in_zookeeper(const ConsumerProperties& properties) {
  return value_or(properties, "offsets.storage", "zookeeper") != "kafka" ||
         value_or(properties, "dual.commit.enabled", "true") != "false";
}

}  // namespace

ZooKeeperSource::ZooKeeperSource(const std::string& topic, const ConsumerProperties& properties,
                                 std::vector<std::int32_t> partitions)
    : ZooKeeperSource(topic, properties, std::move(partitions), connecting(properties)) {}

ZooKeeperSource::ZooKeeperSource(const std::string& topic, const ConsumerProperties& properties,
                                 std::vector<std::int32_t> partitions, const ConnectZooKeeper& connect)
    : settings_(parse_kafka_settings(topic, properties, "not.known.yet:9092")),
      zookeeper_address_(value_or(properties, "zookeeper.connect", "")),
      security_protocol_(value_or(properties, "security.protocol", "PLAINTEXT")),
      group_(stores_in_zookeeper(properties) ? value_or(properties, "group.id", "") : ""),
      consumer_id_(new_consumer_id(group_, value_or(properties, "consumer.id", ""))),
      nodes_(connect, zookeeper_address_) {
  settings_.partitions = std::move(partitions);
  settings_.tells_group = settings_.tells_group && value_or(properties, "offsets.storage", "zookeeper") == "kafka";
}

ZooKeeperSource::~ZooKeeperSource() = default;

void ZooKeeperSource::start(const Position& resume) {
  resume_ = resume;
  tell_from_ = SteadyClock::now() + kPatience;
  nodes_.start();
}

void ZooKeeperSource::tell_once(const std::string& trouble) {
  if (SteadyClock::now() < tell_from_ || std::exchange(told_, trouble) == trouble) return;
  log_warn("No Kafka broker is known yet for topic {}: {}", settings_.topic, trouble);
}

/// What ZooKeeper knows of partitions that the position does not name. False where it is away.
bool ZooKeeperSource::add_group_offsets(Position& resume) {
  if (group_.empty()) return true;
  const auto offsets = find_offsets(nodes_.zookeeper(), group_, settings_.topic);
  if (!offsets) return false;
  for (const auto& [partition, offset] : *offsets) {
    if (!resume.next_offsets.emplace(partition, offset).second) continue;
    log_info("Kafka topic {} partition {}: group {} has committed offset {} in ZooKeeper", settings_.topic, partition,
             group_, offset);
  }
  resume.stream = settings_.topic;
  return true;
}

bool ZooKeeperSource::open() {
  if (SteadyClock::now() < next_look_) return false;
  next_look_ = SteadyClock::now() + kLookPeriod;
  const std::string away = "ZooKeeper at " + zookeeper_address_ + " does not answer (\"bootstrap.servers\" in " +
                           "consumerProps would name brokers without it)";
  const auto brokers =
      nodes_.zookeeper().session(0) == 0 ? std::nullopt : find_brokers(nodes_.zookeeper(), security_protocol_);
  Position resume = resume_;
  if (!brokers) return tell_once(away), false;
  if (brokers->empty()) return tell_once("none is registered in ZooKeeper at " + zookeeper_address_), false;
  const bool shares = !group_.empty() && settings_.partitions.empty();
  if (!shares && !add_group_offsets(resume)) return tell_once(away), false;
  log_info("Kafka brokers, from ZooKeeper at {}: {}", zookeeper_address_, *brokers);
  settings_.properties["bootstrap.servers"] = *brokers;
  kafka_ = std::make_unique<KafkaSource>(settings_);
  if (shares) kafka_->read_nothing();
  kafka_->start(resume);
  if (shares)
    sharing_ = std::make_unique<SharedPartitions>(*kafka_, nodes_, group_, settings_.topic, consumer_id_, resume_);
  open_ = true;
  next_look_ = SteadyClock::now() + kIdlePeriod;
  return true;
}

void ZooKeeperSource::look_for_others() {
  if (SteadyClock::now() < next_look_) return;
  next_look_ = SteadyClock::now() + kIdlePeriod;
  if (nodes_.zookeeper().session(0) == 0) return;
  const auto brokers = find_brokers(nodes_.zookeeper(), security_protocol_);
  std::string& known = settings_.properties["bootstrap.servers"];
  if (!brokers || brokers->empty() || *brokers == known) return;
  log_info("Kafka brokers have changed in ZooKeeper at {}: {}", zookeeper_address_, *brokers);
  known = *brokers;
  kafka_->add_brokers(known);
}

Batch ZooKeeperSource::poll(int timeout_ms) {
  const auto deadline = SteadyClock::now() + milliseconds(timeout_ms);
  while (!closed_ && !open_ && !open() && SteadyClock::now() < deadline) std::this_thread::sleep_for(kSlice);
  if (closed_ || !open_) return {};
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - SteadyClock::now()).count();
  return poll_open(static_cast<int>(std::max<std::int64_t>(left, 0)));
}

Batch ZooKeeperSource::poll_open(int timeout_ms) {
  const bool persist_wanted = sharing_ && sharing_->look();
  Batch batch = kafka_->poll(timeout_ms);
  batch.persist_wanted = persist_wanted;
  if (batch.messages.empty())
    look_for_others();
  else
    next_look_ = SteadyClock::now() + kIdlePeriod;
  return batch;
}

void ZooKeeperSource::committed(const Position& position) {
  if (open_ && sharing_) return kafka_->committed(sharing_->committed(position));
  if (open_) kafka_->committed(position);
  if (group_.empty()) return;
  for (const auto& [partition, offset] : position.next_offsets)
    nodes_.write(offset_path(group_, settings_.topic, partition.number), std::to_string(offset));
}

void ZooKeeperSource::close() {
  closed_ = true;
  if (open_) kafka_->close();
}

}  // namespace sarsen::ingest
