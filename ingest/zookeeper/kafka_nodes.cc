#include "ingest/zookeeper/kafka_nodes.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>
#include <vector>

#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/base/log.h"

namespace sarsen::ingest {
namespace {

const std::string kBrokers = "/brokers/ids";
constexpr std::int64_t kPortMax = 65'535;

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

/// The protocol of a listener, "CLIENT" or "PLAINTEXT"; by itself where nothing maps it.
std::string protocol_of(const JsonField& broker, const std::string& listener) {
  return upper(broker["listener_security_protocol_map"][listener].string_or(listener));
}

/// "PLAINTEXT://host:9092"
std::optional<std::string> endpoint_with(const JsonField& broker, const std::string& security_protocol) {
  for (const JsonField& endpoint : broker["endpoints"].elements()) {
    const std::string text = endpoint.string();
    const std::size_t colon = text.find("://");
    if (colon == std::string::npos) endpoint.fail("PROTOCOL://HOST:PORT is wanted, not " + text);
    if (protocol_of(broker, text.substr(0, colon)) == security_protocol) return text.substr(colon + 3);
  }
  return std::nullopt;
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string offsets_folder(const std::string& group, const std::string& topic) {
  return "/consumers/" + group + "/offsets/" + topic;
}

/// Empty where the node is gone by now or of no use.
std::string broker_at(const std::string& path, const ZooKeeperNode& node, const std::string& security_protocol) {
  try {
    if (const auto address = parse_broker(node.data, security_protocol)) return *address;
    log_warn("The Kafka broker of ZooKeeper's node {} has no listener for security.protocol {}", path,
             security_protocol);
  } catch (const Error& error) {
    log_warn("ZooKeeper's node {} is passed over: {}", path, error.what());
  }
  return "";
}

}  // namespace

std::optional<std::string> parse_broker(std::string_view json, const std::string& security_protocol) {
  const Json parsed = Json::parse(json);
  const JsonField broker(parsed);
  if (broker["endpoints"].present()) return endpoint_with(broker, upper(security_protocol));
  if (upper(security_protocol) != "PLAINTEXT") return std::nullopt;  // such old brokers have nothing else
  const std::int64_t port = broker["port"].integer();
  if (port < 1 || port > kPortMax) broker["port"].fail("a port is wanted");
  return broker["host"].string() + ":" + std::to_string(port);
}

std::optional<std::string> find_brokers(ZooKeeper& zookeeper, const std::string& security_protocol) {
  std::vector<std::string> ids;
  const ZooKeeperAnswer listed = zookeeper.children(kBrokers, ids);
  if (listed == ZooKeeperAnswer::kMissing) return "";
  if (listed != ZooKeeperAnswer::kDone) return std::nullopt;
  std::sort(ids.begin(), ids.end());
  std::string brokers;
  for (const std::string& id : ids) {
    const std::string path = kBrokers + "/" + id;
    ZooKeeperNode node;
    const ZooKeeperAnswer got = zookeeper.get(path, node, false);
    if (got == ZooKeeperAnswer::kAway) return std::nullopt;
    if (got != ZooKeeperAnswer::kDone) continue;
    const std::string address = broker_at(path, node, security_protocol);
    if (!address.empty()) brokers += (brokers.empty() ? "" : ",") + address;
  }
  return brokers;
}

std::string offset_path(const std::string& group, const std::string& topic, std::int32_t partition) {
  return offsets_folder(group, topic) + "/" + std::to_string(partition);
}

std::optional<std::map<std::int32_t, std::int64_t>> find_offsets(ZooKeeper& zookeeper, const std::string& group,
                                                                 const std::string& topic) {
  std::vector<std::string> partitions;
  const ZooKeeperAnswer listed = zookeeper.children(offsets_folder(group, topic), partitions);
  std::map<std::int32_t, std::int64_t> offsets;
  if (listed == ZooKeeperAnswer::kMissing) return offsets;
  if (listed != ZooKeeperAnswer::kDone) return std::nullopt;
  for (const std::string& name : partitions) {
    const std::string path = offsets_folder(group, topic) + "/" + name;
    ZooKeeperNode node;
    const ZooKeeperAnswer got = zookeeper.get(path, node, false);
    if (got == ZooKeeperAnswer::kAway) return std::nullopt;
    const auto partition = parse_number<std::int32_t>(name);
    const auto offset = parse_number<std::int64_t>(node.data);
    if (partition && offset && *partition >= 0 && *offset >= 0)
      offsets[*partition] = *offset;
    else
      log_warn("ZooKeeper's node {} holds no offset, and is passed over", path);
  }
  return offsets;
}

}  // namespace sarsen::ingest
