#pragma once
// What Druid's nodes write about themselves in ZooKeeper, as JSON in Druid's order of fields. Values; errors: none.

#include <cstdint>
#include <string>
#include <vector>

#include "storage/base/json.h"
#include "storage/segment/timeline.h"

namespace sarsen::ingest {

/// Where a node is found, and as what.
struct AnnouncedServer {
  std::string host;  // without the port
  int port = 0;
  std::string tier = "_default_tier";
  std::string type = "realtime";
  std::int64_t priority = 0;
  std::int64_t bytes_max = 0;  // what a coordinator may assign

  std::string host_and_port() const { return host + ":" + std::to_string(port); }
};

/// Below announcements/: Druid's DruidServerMetadata.
Json server_json(const AnnouncedServer& server);

/// Below discovery/SERVICE/: Curator's ServiceInstance.
Json service_instance_json(const std::string& service, const std::string& id, const AnnouncedServer& server,
                           std::int64_t time_ms);

/// A service's name as Curator has it: "druid:overlord" for druid/overlord.
std::string service_path_name(std::string service);

/// Below internal-discovery/ROLE/: Druid's DiscoveryDruidNode. `role`: as in the JSON, "middleManager". The role
/// "historical" says of itself that it serves segments.
Json discovery_node_json(const std::string& service, const std::string& role, const AnnouncedServer& server,
                         std::int64_t start_ms);

/// A served segment as Druid's DataSegment: one that grows names its metrics only, as Druid's do.
Json served_segment_json(const storage::TimelineEntry& entry);

}  // namespace sarsen::ingest
