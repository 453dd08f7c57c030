#pragma once
// What Kafka and its consumers of version 0.8 keep in ZooKeeper: where the brokers are, and how far a group has read.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/zookeeper/zookeeper.h"

namespace sarsen::ingest {

/// "host:port" of a broker's node below /brokers/ids, of its listener with that security protocol (PLAINTEXT, SSL, …);
/// nullopt where it has none. Throws kInvalidInput where it is no broker's node.
std::optional<std::string> parse_broker(std::string_view json, const std::string& security_protocol);

/// The brokers that are registered, "host:port,host:port"; empty where none is. Nullopt where ZooKeeper is away.
std::optional<std::string> find_brokers(ZooKeeper& zookeeper, const std::string& security_protocol);

/// /consumers/GROUP/offsets/TOPIC/PARTITION: the next offset to be read, as decimal text.
std::string offset_path(const std::string& group, const std::string& topic, std::int32_t partition);

/// The next offsets of the partitions that the group has committed. Nullopt where ZooKeeper is away.
std::optional<std::map<std::int32_t, std::int64_t>> find_offsets(ZooKeeper& zookeeper, const std::string& group,
                                                                 const std::string& topic);

}  // namespace sarsen::ingest
