#pragma once
// What Druid's other nodes say of themselves in ZooKeeper: who leads, which servers take assignments, and what they
// serve. Bytes of strangers: what cannot be read is logged and passed over. Nullopt: ZooKeeper did not answer.

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ingest/zookeeper/zookeeper.h"
#include "storage/base/interval.h"

namespace sarsen::ingest {

/// The base URLs of those who stand in the election at `folder` (Curator's LeaderLatch), in the order of the numbers at
/// the ends of their nodes: the first one leads.
std::optional<std::vector<std::string>> find_candidates(ZooKeeper& zookeeper, const std::string& folder);

/// The first of them; empty where nobody stands.
std::optional<std::string> find_leader(ZooKeeper& zookeeper, const std::string& folder);

/// "host:port" of the servers announced below `folder` that take assignments of a coordinator: historicals and bridges.
std::optional<std::vector<std::string>> find_assignable_servers(ZooKeeper& zookeeper, const std::string& folder);

struct AnnouncedSegment {
  std::string data_source;
  Interval interval;
  std::string version;
  std::int64_t partition = 0;
};

/// The segments of these data sources that the nodes in `folder` announce: batches, or one in each node.
std::optional<std::vector<AnnouncedSegment>> find_segments(ZooKeeper& zookeeper, const std::string& folder,
                                                           const std::set<std::string>& data_sources);

}  // namespace sarsen::ingest
