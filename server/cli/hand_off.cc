#include "server/cli/hand_off.h"

#include "ingest/hand_off/announced_hand_off.h"
#include "ingest/hand_off/coordinator_hand_off.h"
#include "ingest/zookeeper/druid_nodes.h"
#include "server/cli/server_settings.h"
#include "server/cli/setting_values.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

using To = HandOffSettings::To;

std::unique_ptr<ingest::ServedElsewhere> make_question(To to, const AnnouncementSettings& paths,
                                                       ingest::ZooKeeper& zookeeper) {
  if (to == To::kAnnouncements)
    return std::make_unique<ingest::AnnouncedHandOff>(
        zookeeper,
        ingest::AnnouncedHandOffPaths{.servers = paths.path(paths.announcements_path, "announcements"),
                                      .segments = paths.path(paths.live_segments_path, "segments"),
                                      .served_segments = paths.path(paths.served_segments_path, "servedSegments")});
  return std::make_unique<ingest::CoordinatorHandOff>(
      [&zookeeper, election = paths.coordinator_election()] { return ingest::find_leader(zookeeper, election); });
}

}  // namespace

To parse_hand_off_to(const std::string& name, const std::string& value) {
  if (value == "self") return To::kSelf;
  if (value == "coordinator") return To::kCoordinator;
  if (value == "announcements") return To::kAnnouncements;
  refuse(name, "self, coordinator or announcements", value);
}

void check_hand_off(const HandOffSettings& settings, const AnnouncementSettings& announcement) {
  if (settings.to == To::kSelf) return;
  if (!announcement.wanted())
    throw Error(ErrorCategory::kInvalidInput,
                "sarsen.segment.handoff: other servers are found through ZooKeeper: druid.zk.service.host must be set");
  if (settings.to == To::kCoordinator && announcement.roles.contains("coordinator"))
    throw Error(ErrorCategory::kInvalidInput,
                "sarsen.segment.handoff=coordinator asks a coordinator elsewhere: sarsen.zookeeper.roles must be "
                "without coordinator, such as [\"historical\"]");
}

std::unique_ptr<ingest::HandOffWatch> make_hand_off_watch(const ServerSettings& settings, ingest::ZooKeeper* zookeeper,
                                                          SegmentStores& stores, const DataFolder& data,
                                                          storage::Catalog& catalog) {
  if (settings.hand_off.to == To::kSelf) return nullptr;
  return std::make_unique<ingest::HandOffWatch>(
      ingest::HandOffWatchOptions{
          .folder = data.hand_off(), .poll = settings.hand_off.poll, .drop_delay = settings.hand_off.drop_delay},
      make_question(settings.hand_off.to, settings.announcement, *zookeeper), stores.metadata(), stores.cache(),
      catalog);
}

}  // namespace sarsen::server
