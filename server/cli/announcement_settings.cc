#include "server/cli/announcement_settings.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "server/cli/setting_table.h"
#include "server/cli/setting_values.h"
#include "storage/base/error.h"
#include "storage/base/json.h"
#include "storage/base/readable_bytes.h"

namespace sarsen::server {
namespace {

using Settings = AnnouncementSettings;

int timeout_ms(const std::string& name, const std::string& value) {
  return static_cast<int>(whole_number(name, value, 1, 3'600'000));
}

/// "druid", "/druid" and "/druid/" are the same.
std::string node_path(const std::string& name, const std::string& value) {
  std::string path = value.starts_with('/') ? value : "/" + value;
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (path.size() == 1 || path.find("//") != std::string::npos) refuse(name, "the path of a node", value);
  return path;
}

std::set<std::string> roles(const std::string& name, const std::string& value) {
  static const std::set<std::string> known = Settings().roles;
  constexpr std::string_view kWanted = "a JSON array of coordinator, overlord, broker and historical";
  const std::vector<std::string> roles = words(name, value, kWanted);
  for (const std::string& role : roles)
    if (!known.contains(role)) refuse(name, kWanted, value);
  return {roles.begin(), roles.end()};
}

void set_servers(Settings& settings, const std::string& name, const std::string& value) {
  const ingest::ZooKeeperSettings parsed = ingest::parse_connect_string(name, value);
  settings.zookeeper.servers = parsed.servers;
  settings.zookeeper.chroot = parsed.chroot;
}

void set_announcer_type(Settings& settings, const std::string& name, const std::string& value) {
  if (value != "batch" && value != "legacy") refuse(name, "batch or legacy", value);
  settings.batches = value == "batch";
}

void set_bytes_per_node(Settings& settings, const std::string& name, const std::string& value) {
  constexpr std::uint64_t kNodeBytesMax = 1'000'000;  // ZooKeeper's own limit is 1 MiB with what is around it
  const auto bytes = parse_readable_bytes(value);
  if (!bytes || *bytes < 1024 || *bytes > kNodeBytesMax) refuse(name, "a size from 1024 to 1000000 bytes", value);
  settings.bytes_per_node = static_cast<std::size_t>(*bytes);
}

using Setting = SettingOf<Settings>;

/// A setting that is the path of a node.
template <std::string Settings::* member>
void set_path(Settings& settings, const std::string& name, const std::string& value) {
  settings.*member = node_path(name, value);
}

template <std::string Settings::* member>
void set_text(Settings& settings, const std::string& name, const std::string& value) {
  if (value.empty()) refuse(name, "a text", value);
  settings.*member = value;
}

template <bool Settings::* member>
void set_flag(Settings& settings, const std::string& name, const std::string& value) {
  settings.*member = boolean(name, value);
}

constexpr Setting kSettings[] = {
    {"druid.zk.service.host", "ZooKeeper: HOST:PORT,…[/PATH]; this server is announced there (none)", set_servers},
    {"druid.zk.service.enabled", "false: nothing is announced (true)", set_flag<&Settings::enabled>},
    {"druid.zk.service.sessionTimeoutMs", "after which ZooKeeper forgets a silent server (30000)",
     [](Settings& settings, const std::string& name, const std::string& value) {
       settings.zookeeper.session_timeout_ms = timeout_ms(name, value);
     }},
    {"druid.zk.service.connectionTimeoutMs", "how long an answer of ZooKeeper is waited for (15000)",
     [](Settings& settings, const std::string& name, const std::string& value) {
       settings.zookeeper.answer_timeout_ms = timeout_ms(name, value);
     }},
    {"druid.zk.service.compress", "announcements are compressed (true)", set_flag<&Settings::compress>},
    {"druid.zk.service.user", "who ZooKeeper is told that we are (nobody)", set_text<&Settings::user>},
    {"druid.zk.service.pwd", "the user's password",
     [](Settings& settings, const std::string& name, const std::string& value) {
       settings.password = password(name, value);
     }},
    {"druid.zk.service.authScheme", "how users are proven (digest)",
     [](Settings&, const std::string& name, const std::string& value) {
       if (value != "digest") refuse(name, "digest", value);
     }},
    {"druid.zk.service.acl", "nodes are this user's only (false)",
     [](Settings& settings, const std::string& name, const std::string& value) {
       settings.zookeeper.owner_only = boolean(name, value);
     }},
    {"druid.zk.paths.base", "the node below which Druid's are (/druid)", set_path<&Settings::base>},
    {"druid.zk.paths.announcementsPath", "servers (announcements)", set_path<&Settings::announcements_path>},
    {"druid.zk.paths.liveSegmentsPath", "batches of served segments (segments)",
     set_path<&Settings::live_segments_path>},
    {"druid.zk.paths.servedSegmentsPath", "served segments of the announcer legacy (servedSegments)",
     set_path<&Settings::served_segments_path>},
    {"druid.zk.paths.coordinatorPath", "the coordinator's election (coordinator)",
     set_path<&Settings::coordinator_path>},
    {"druid.zk.paths.loadQueuePath", "orders to load and drop segments (loadQueue)",
     set_path<&Settings::load_queue_path>},
    {"druid.discovery.curator.path", "services (/druid/discovery)", set_path<&Settings::discovery_path>},
    {"druid.announcer.type", "batch: many segments in a node; legacy: a node for each (batch)", set_announcer_type},
    {"druid.announcer.segmentsPerNode", "batch: at most so many (50)",
     [](Settings& settings, const std::string& name, const std::string& value) {
       settings.segments_per_node = static_cast<std::size_t>(whole_number(name, value, 1, 100'000));
     }},
    {"druid.announcer.maxBytesPerNode", "batch: at most so many bytes (524288)", set_bytes_per_node},
    {"druid.server.tier", "the tier that is announced (_default_tier)", set_text<&Settings::tier>},
    {"druid.server.priority", "the priority that is announced (0)",
     [](Settings& settings, const std::string& name, const std::string& value) {
       settings.priority = whole_number(name, value, std::numeric_limits<std::int32_t>::min(),
                                        std::numeric_limits<std::int32_t>::max());
     }},
    {"druid.server.maxSize",
     "bytes of segments that a coordinator may order here; with it the server is its historical and nothing else (0)",
     [](Settings& settings, const std::string& name, const std::string& value) {
       settings.server_bytes_max = static_cast<std::int64_t>(
           std::min<std::uint64_t>(bytes(name, value, 0), std::numeric_limits<std::int64_t>::max()));
     }},
    {"druid.service", "a service to be announced as, besides those that follow (none)", set_text<&Settings::service>},
    {"druid.selectors.indexing.serviceName", "the overlord's (druid/overlord)", set_text<&Settings::overlord_service>},
    {"druid.selectors.coordinator.serviceName", "the coordinator's (druid/coordinator)",
     set_text<&Settings::coordinator_service>},
    {"druid.router.defaultBrokerServiceName", "the broker's (druid/broker)", set_text<&Settings::broker_service>},
    {"sarsen.zookeeper.roles",
     "as what to be found and to stand for election: [\"coordinator\",\"overlord\",\"broker\",\"historical\"]",
     [](Settings& settings, const std::string& name, const std::string& value) {
       settings.roles = roles(name, value);
     }}};

}  // namespace

bool set_announcement(AnnouncementSettings& settings, const std::string& name, const std::string& value) {
  return apply_setting(kSettings, settings, name, value);
}

void check_announcement(AnnouncementSettings& settings) {
  if (!settings.wanted()) return;
  ingest::check_zookeeper_is_built("druid.zk.service.host");
  if (settings.user.empty() != settings.password.empty())
    throw Error(ErrorCategory::kInvalidInput, "druid.zk.service.user and druid.zk.service.pwd belong together");
  if (settings.zookeeper.owner_only && settings.user.empty())
    throw Error(ErrorCategory::kInvalidInput, "druid.zk.service.acl needs druid.zk.service.user and pwd");
  if (!settings.user.empty()) settings.zookeeper.credentials = settings.user + ":" + settings.password;
}

SettingDocs describe_announcement() { return docs_of(kSettings); }

}  // namespace sarsen::server
