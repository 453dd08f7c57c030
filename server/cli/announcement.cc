#include "server/cli/announcement.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <random>
#include <utility>

#include "ingest/load_orders/ordered_segment.h"
#include "ingest/realtime/clock.h"
#include "ingest/zookeeper/gzipped.h"
#include "storage/base/interval.h"
#include "storage/base/random_uuid.h"

namespace sarsen::server {
namespace {

using ingest::AnnouncedServer;

std::unique_ptr<ingest::KeptNodes> make_nodes(const AnnouncementSettings& settings,
                                              const ingest::ConnectZooKeeper& connect) {
  if (!settings.wanted()) return nullptr;
  if (connect) return std::make_unique<ingest::KeptNodes>(connect, settings.zookeeper.servers);
  const auto connect_to = [&settings](ingest::ZooKeeper::Listener listener) {
    return ingest::connect_zookeeper(settings.zookeeper, std::move(listener));
  };
  return std::make_unique<ingest::KeptNodes>(connect_to, settings.zookeeper.servers);
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

/// Who listens at every address is found by the machine's name.
std::string found_at(const std::string& host) {
  if (host != "0.0.0.0" && host != "::" && !host.empty()) return host;
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

/// As Druid names them: the time, and how many there were before.
std::function<std::string()> batch_names() {
  return [count = 0]() mutable { return format_iso(ingest::system_clock_ms()) + std::to_string(count++); };
}

}  // namespace

Announcement::Announcement(const AnnouncementSettings& settings, const storage::Catalog& catalog,
                           const ingest::MetadataStore& metadata, const ingest::ConnectZooKeeper& connect)
    : settings_(settings), catalog_(catalog), metadata_(metadata), nodes_(make_nodes(settings_, connect)) {}

Announcement::~Announcement() { stop(); }

std::string Announcement::data(const std::string& text) const {
  return settings_.compress ? ingest::gzipped(text) : text;
}

std::unique_ptr<ingest::SegmentAnnouncer> Announcement::make_segment_announcer(const std::string& host_and_port) {
  if (!nodes_) return std::make_unique<ingest::LogAnnouncer>(host_and_port);
  const std::string folder = (settings_.batches ? settings_.path(settings_.live_segments_path, "segments")
                                                : settings_.path(settings_.served_segments_path, "servedSegments")) +
                             "/" + host_and_port;
  nodes_->own_folder(folder);
  ingest::SegmentNodes nodes(
      {.folder = folder,
       .batches = settings_.batches,
       .segments_max = settings_.segments_per_node,
       .bytes_max = settings_.bytes_per_node,
       .new_name = batch_names()},
      [this](const std::string& node, const std::string& text) { nodes_->put(node, data(text)); },
      [this](const std::string& node) { nodes_->remove(node); });
  return std::make_unique<ingest::CatalogAnnouncer>(
      catalog_, std::move(nodes), [this](const storage::TimelineEntry& entry) { return describe(entry); });
}

/// As it was published, where it was.
Json Announcement::describe(const storage::TimelineEntry& entry) const {
  if (const auto* ordered = dynamic_cast<const ingest::OrderedSegment*>(entry.segment.get()))
    return ordered->descriptor().to_json();
  if (!entry.segment->is_realtime())
    if (const auto published = metadata_.find(entry.id)) return published->descriptor.to_json();
  return ingest::served_segment_json(entry);
}

void Announcement::listens_at(const std::string& host, int port) {
  const AnnouncedServer server{.host = found_at(host),
                               .port = port,
                               .tier = settings_.tier,
                               .type = settings_.takes_orders() ? "historical" : "realtime",
                               .priority = settings_.priority,
                               .bytes_max = settings_.server_bytes_max};
  host_and_port_ = server.host_and_port();
  segments_.to = make_segment_announcer(server.host_and_port());
  if (nodes_) announce_server(server);
}

std::string Announcement::load_queue() const {
  return settings_.path(settings_.load_queue_path, "loadQueue") + "/" + host_and_port_;
}

void Announcement::announce_server(const AnnouncedServer& server) {
  if (settings_.takes_orders()) nodes_->write(load_queue(), "");
  nodes_->put(settings_.path(settings_.announcements_path, "announcements") + "/" + server.host_and_port(),
              data(ingest::server_json(server).dump()));
  if (!settings_.service.empty()) announce_service(settings_.service, server);
  announce_role("historical", settings_.service.empty() ? "druid/historical" : settings_.service, server);
  announce_role("broker", settings_.broker_service, server);
  announce_role("coordinator", settings_.coordinator_service, server);
  announce_role("overlord", settings_.overlord_service, server);
  if (settings_.roles.contains("coordinator")) stand_for_election(settings_.coordinator_election(), server);
  if (settings_.roles.contains("overlord")) stand_for_election(settings_.overlord_election(), server);
}

void Announcement::announce_role(const std::string& role, const std::string& service, const AnnouncedServer& server) {
  if (!settings_.roles.contains(role)) return;
  nodes_->put(settings_.path("", "internal-discovery/") + upper(role) + "/" + server.host_and_port(),
              data(ingest::discovery_node_json(service, role, server, ingest::system_clock_ms()).dump()));
  if (role != "historical" && service != settings_.service) announce_service(service, server);
}

/// Curator compresses neither these nor the places in an election.
void Announcement::announce_service(const std::string& service, const AnnouncedServer& server) {
  const std::string folder = settings_.discovery_path.empty() ? "/druid/discovery" : settings_.discovery_path;
  const std::string id = random_uuid();
  nodes_->put(folder + "/" + ingest::service_path_name(service) + "/" + id,
              ingest::service_instance_json(service, id, server, ingest::system_clock_ms()).dump());
}

void Announcement::stand_for_election(const std::string& folder, const AnnouncedServer& server) {
  nodes_->put_sequential(folder + "/_c_" + random_uuid() + "-latch-", "http://" + server.host_and_port());
}

void Announcement::start() {
  if (nodes_) nodes_->start();
}

void Announcement::stop() {
  if (nodes_) nodes_->stop();
}

}  // namespace sarsen::server
