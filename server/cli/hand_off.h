#pragma once
// Who serves what this process publishes: itself, or, beside a stock cluster, other servers
// (ingest/hand_off/README.md).

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "ingest/hand_off/hand_off_watch.h"
#include "ingest/zookeeper/zookeeper.h"
#include "server/cli/announcement_settings.h"
#include "server/cli/data_folder.h"
#include "server/cli/segment_stores.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {

struct ServerSettings;

struct HandOffSettings {
  /// Who says that others serve it.
  enum class To : std::uint8_t { kSelf, kCoordinator, kAnnouncements };
  To to = To::kSelf;
  std::chrono::milliseconds poll{60'000};
  std::chrono::milliseconds drop_delay{30'000};
};

/// Throws kInvalidInput that names the setting.
HandOffSettings::To parse_hand_off_to(const std::string& name, const std::string& value);

/// Whether it fits to how the server is announced; throws as above.
void check_hand_off(const HandOffSettings& settings, const AnnouncementSettings& announcement);

/// Null where this process serves what it publishes. REQUIRES: all but `settings` outlive it; `zookeeper` is there
/// where the settings passed check_hand_off().
std::unique_ptr<ingest::HandOffWatch> make_hand_off_watch(const ServerSettings& settings, ingest::ZooKeeper* zookeeper,
                                                          SegmentStores& stores, const DataFolder& data,
                                                          storage::Catalog& catalog);

}  // namespace sarsen::server
