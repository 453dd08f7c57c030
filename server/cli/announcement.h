#pragma once
// How this server shows itself to others: in the log, and, where druid.zk.service.host is set, in ZooKeeper, as Druid's
// nodes do:
//   announcements/HOST:PORT              the server          segments/HOST:PORT/…   what it serves
//   internal-discovery/ROLE/HOST:PORT    its roles           /druid/discovery/…     its services, as Curator has them
//   coordinator/_COORDINATOR/…           its place in the elections of leaders; overlord/_OVERLORD/… likewise
// While another process leads in such an election, this server gives way (duties.h).

#include <functional>
#include <memory>
#include <string>

#include "ingest/metadata/metadata_store.h"
#include "ingest/realtime/announcer.h"
#include "ingest/zookeeper/announcement_json.h"
#include "ingest/zookeeper/catalog_announcer.h"
#include "ingest/zookeeper/kept_nodes.h"
#include "server/cli/announcement_settings.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {

class Announcement {
 public:
  /// `connect`: how to reach ZooKeeper, where not as the settings say. REQUIRES: all references outlive it.
  Announcement(const AnnouncementSettings& settings, const storage::Catalog& catalog,
               const ingest::MetadataStore& metadata, const ingest::ConnectZooKeeper& connect = {});
  ~Announcement();
  Announcement(const Announcement&) = delete;
  Announcement& operator=(const Announcement&) = delete;

  /// For those whose segments come and go. Good for calls after listens_at().
  ingest::SegmentAnnouncer& segments() noexcept { return segments_; }

  /// A segment that is served, as Druid's DataSegment. From any thread.
  Json describe(const storage::TimelineEntry& entry) const;

  /// "host:port" as it is announced. Good for calls after listens_at().
  const std::string& host_and_port() const noexcept { return host_and_port_; }

  /// The node below which orders for this server are. Good for calls after listens_at().
  std::string load_queue() const;

  /// For reading; null where there is none.
  ingest::ZooKeeper* zookeeper() noexcept { return nodes_ ? &nodes_->zookeeper() : nullptr; }

  /// The place is known. Segments are noted from here on.
  void listens_at(const std::string& host, int port);

  /// Queries are answered: what was noted goes to ZooKeeper, as soon as that answers.
  void start();

  /// Before queries are answered no more. Takes a few seconds at most.
  void stop();

 private:
  /// Hands on to what listens_at() has made.
  class Segments final : public ingest::SegmentAnnouncer {
   public:
    void announce(const storage::SegmentId& id) override { to->announce(id); }
    void unannounce(const storage::SegmentId& id) override { to->unannounce(id); }
    std::unique_ptr<ingest::SegmentAnnouncer> to;
  };

  void announce_server(const ingest::AnnouncedServer& server);
  void announce_service(const std::string& service, const ingest::AnnouncedServer& server);
  void announce_role(const std::string& role, const std::string& service, const ingest::AnnouncedServer& server);
  void stand_for_election(const std::string& folder, const ingest::AnnouncedServer& server);
  std::unique_ptr<ingest::SegmentAnnouncer> make_segment_announcer(const std::string& host_and_port);
  std::string data(const std::string& text) const;

  const AnnouncementSettings settings_;
  const storage::Catalog& catalog_;
  const ingest::MetadataStore& metadata_;
  std::unique_ptr<ingest::KeptNodes> nodes_;  // null where there is no ZooKeeper
  std::string host_and_port_;
  Segments segments_;  // before what it writes to
};

}  // namespace sarsen::server
