#pragma once
// druid.zk.*, druid.announcer.* and what else says how this server shows itself to a cluster through ZooKeeper.

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>

#include "ingest/zookeeper/zookeeper.h"
#include "server/cli/setting_table.h"

namespace sarsen::server {

struct AnnouncementSettings {
  bool enabled = true;
  ingest::ZooKeeperSettings zookeeper;  // no servers: nothing is announced
  std::string user;
  std::string password;
  bool compress = true;

  std::string base = "/druid";
  // Where not empty, in the place of a folder below the base.
  std::string announcements_path;
  std::string live_segments_path;
  std::string served_segments_path;
  std::string coordinator_path;
  std::string discovery_path;
  std::string load_queue_path;

  bool batches = true;
  std::size_t segments_per_node = 50;
  std::size_t bytes_per_node = 512 * 1024;

  std::string tier = "_default_tier";
  std::int64_t priority = 0;
  std::int64_t server_bytes_max = 0;  // what a coordinator may assign
  std::string service;                // empty: none besides those below; the data node's is druid/historical then
  std::string overlord_service = "druid/overlord";
  std::string coordinator_service = "druid/coordinator";
  std::string broker_service = "druid/broker";
  std::set<std::string> roles = {"coordinator", "overlord", "broker", "historical"};

  /// `given`, or the folder of that name below the base.
  std::string path(const std::string& given, const std::string& otherwise) const {
    return given.empty() ? base + "/" + otherwise : given;
  }
  std::string coordinator_election() const { return path(coordinator_path, "coordinator") + "/_COORDINATOR"; }
  std::string overlord_election() const { return path("", "overlord/_OVERLORD"); }
  bool takes_orders() const noexcept { return server_bytes_max > 0; }
  bool wanted() const noexcept { return enabled && !zookeeper.servers.empty(); }
};

/// Takes one property; false where it is none of these. Throws kInvalidInput for a value that cannot be.
bool set_announcement(AnnouncementSettings& settings, const std::string& name, const std::string& value);

/// What only all properties together tell. Throws kInvalidInput, and kUnsupported where ZooKeeper is wanted and the
/// program was built without.
void check_announcement(AnnouncementSettings& settings);

/// One line a setting, for --help: name and what it is.
SettingDocs describe_announcement();

}  // namespace sarsen::server
