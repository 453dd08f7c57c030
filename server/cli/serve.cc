#include "server/cli/serve.h"

#include <algorithm>
#include <csignal>
#include <memory>
#include <set>
#include <thread>

#include "ingest/deep_storage/published_segments.h"
#include "ingest/http/http_input.h"
#include "ingest/kafka/mock_cluster.h"
#include "ingest/realtime/clock.h"
#include "ingest/row/double_storage.h"
#include "ingest/s3/s3_input.h"
#include "server/api/candidates.h"
#include "server/api/chat.h"
#include "server/api/coordinator.h"
#include "server/api/data_sources.h"
#include "server/api/leader.h"
#include "server/api/published_segments.h"
#include "server/api/readiness.h"
#include "server/api/segment_changes.h"
#include "server/api/served_segments.h"
#include "server/api/servers.h"
#include "server/api/status.h"
#include "server/api/supervisors.h"
#include "server/cli/announcement.h"
#include "server/cli/data_folder.h"
#include "server/cli/duties.h"
#include "server/cli/exit_status.h"
#include "server/cli/historical_node.h"
#include "server/cli/overlord_node.h"
#include "server/cli/query_node.h"
#include "server/cli/realtime_node.h"
#include "server/cli/segment_stores.h"
#include "server/cli/served_segments.h"
#include "server/cli/server_settings.h"
#include "server/cli/stop_signal.h"
#include "server/cli/supervision.h"
#include "server/cli/text_file.h"
#include "server/http/http_server.h"
#include "storage/base/log.h"
#include "storage/base/properties.h"
#include "storage/segment/catalog.h"

namespace sarsen::server {
namespace {

ServerSettings settings_of(const ServeOptions& options) {
  Properties properties;
  if (!options.config.empty())
    for (Property& property : parse_properties(read_text(options.config)))
      properties.emplace_back(std::move(property.name), std::move(property.value));
  properties.insert(properties.end(), options.properties.begin(), options.properties.end());
  ServerSettings settings = read_settings(properties);
  // Who brings a realtime specification expects the answers of the Druid that had realtime nodes.
  if (!settings.spec_files.empty() && !settings.key_order_given)
    settings.query_limits.key_order = engine::KeyOrder::kJava7;
  return settings;
}

std::unique_ptr<ingest::MockCluster> start_embedded_kafka(const ServeOptions& options) {
  if (!options.embedded_kafka) return nullptr;
  auto cluster = std::make_unique<ingest::MockCluster>(*options.embedded_kafka);
  log_info("The embedded Kafka listens on {}", cluster->brokers());
  return cluster;
}

/// What is published, and what else lies in the folder: from before there was a metadata store, or put there by hand.
/// What a task or a supervisor has pushed and not published is not served.
std::size_t serve_own_segments(SegmentStores& stores, const DataFolder& data, storage::Catalog& catalog,
                               const std::vector<std::string>& pending) {
  const std::size_t published = ingest::serve_published_segments(stores.metadata(), stores.cache(), catalog);
  const std::vector<std::string> ids = stores.metadata().segment_ids();
  std::set<std::string> known(ids.begin(), ids.end());
  known.insert(pending.begin(), pending.end());
  return published + serve_segment_folder({"", data.segments()}, catalog, known);
}

std::size_t task_workers(const ServerSettings& settings) {
  if (settings.task_workers > 0) return settings.task_workers;
  return std::max<std::size_t>(2, std::thread::hardware_concurrency()) - 1;
}

/// Every role of Druid's that this process has.
ClusterNode cluster_node(const AnnouncementSettings& settings) {
  return {.services = {{"coordinator", settings.coordinator_service},
                       {"overlord", settings.overlord_service},
                       {"broker", settings.broker_service},
                       {"historical", settings.service.empty() ? "druid/historical" : settings.service}},
          .start_time_ms = ingest::system_clock_ms()};
}

}  // namespace

int serve(const ServeOptions& options) {
  StopSignal stop_signal;
  std::signal(SIGPIPE, SIG_IGN);
  const ServerSettings settings = settings_of(options);
  ingest::limit_http_input(settings.http_input);
  ingest::stored_doubles_are_floats = settings.doubles_as_floats;
  ingest::set_s3_input_connection(s3_connection(settings.storage.s3));
  const DataFolder data(settings.data);
  const std::unique_ptr<ingest::MockCluster> kafka = start_embedded_kafka(options);

  storage::Catalog catalog;
  SegmentStores stores(settings.storage, data);
  std::string host_and_port;  // known when the server listens
  Announcement announcement(settings.announcement, catalog, stores.metadata());
  ingest::TaskStorage task_storage(stores.metadata_config());
  ingest::TaskLockbox locks(task_storage);
  const auto hand_off = make_hand_off_watch(settings, announcement.zookeeper(), stores, data, catalog);
  Supervision supervision(stores, catalog, data.supervised(), announcement.segments(), locks, hand_off.get());
  OverlordNode overlord(task_workers(settings), data, stores, catalog, task_storage, locks, !hand_off,
                        {&supervision.manager()});
  std::unique_ptr<HistoricalNode> historical;  // of a stock cluster, where it is one
  if (settings.announcement.takes_orders())
    historical = std::make_unique<HistoricalNode>(settings, stores, data, catalog);
  const std::size_t own_segments = historical ? historical->restore()
                                   : hand_off ? hand_off->restore()
                                              : serve_own_segments(stores, data, catalog, task_storage.pending_ids());
  serve_segments(options.segments, catalog);
  QueryNode queries(settings, data, catalog);
  SegmentChanges changes(
      catalog, [&announcement](const storage::TimelineEntry& entry) { return announcement.describe(entry); },
      ingest::system_clock_ms);
  Duties duties(settings.announcement, overlord, supervision,
                {settings.coordinator_period, settings.compaction_period,
                 settings.kill_pending_segments ? settings.metadata_period : std::chrono::milliseconds(0)},
                stores.shared_metadata(), stores.shared_metadata() != nullptr ? data.identity() : std::string());
  ingest::ChatHandlers chat_handlers;

  Router router;
  queries.add_routes(router);
  if (historical) {
    historical->add_routes(router);
  } else {
    add_leader_routes(router, "/druid/indexer/v1", host_and_port, [&] { return duties.other_overlord(); });
    add_leader_routes(router, "/druid/coordinator/v1", host_and_port, [&] { return duties.other_coordinator(); });
    overlord.add_routes(router, host_and_port);
    add_supervisor_routes(router, {supervision.manager(), overlord.compaction_supervisors()});
    add_published_segment_routes(router, stores.metadata(), catalog);
    add_served_segment_routes(router, stores.metadata(), catalog, host_and_port);
    add_coordinator_routes(router, stores.metadata(), catalog, host_and_port);
    add_server_routes(router, stores.metadata(), catalog, host_and_port, cluster_node(settings.announcement));
  }
  add_chat_routes(router, chat_handlers);
  add_data_source_routes(router, catalog);
  add_segment_change_routes(router, changes);
  add_candidate_routes(router, catalog, host_and_port);
  add_status_routes(router, settings.effective);
  add_readiness_routes(router);
  HttpServer http(router, settings.http);
  http.listen();  // the realtime node's announcements name the port

  host_and_port = settings.http.host + ":" + std::to_string(http.port());
  announcement.listens_at(settings.http.host, http.port());
  ingest::HandOffServices services = stores.services();
  services.watch = hand_off.get();
  RealtimeNode realtime(settings.spec_files, kafka ? kafka->brokers() : std::string(), data.persist(),
                        announcement.segments(), catalog, services,
                        {stores.deep_storage_root(), &stores.metadata(), &stores.deep_storage(), data.read_segments()},
                        chat_handlers);
  // One partition each: events come in the order in which they were sent, as the rejection policy wants them.
  if (kafka)
    for (const std::string& topic : realtime.topics()) kafka->create_topic(topic, 1);
  realtime.start();
  if (historical)
    historical->start(announcement.zookeeper(), announcement.load_queue());
  else
    duties.start(settings.http.host, http.port(), announcement.host_and_port(), announcement.zookeeper());
  http.start();
  announcement.start();
  if (hand_off) hand_off->start();
  log_info("Listening on http://{} with {} data sources; data folder {} ({} segments)", host_and_port,
           catalog.snapshot()->size(), data.path().string(), own_segments);

  const int signal = stop_signal.wait();
  log_info("Stopping, told by signal {}", signal);
  announcement.stop();
  if (historical) historical->stop();
  if (hand_off) hand_off->stop();
  http.stop(settings.stop_grace);
  duties.stop();
  realtime.stop();
  log_info("Stopped");
  return kSuccess;
}

}  // namespace sarsen::server
