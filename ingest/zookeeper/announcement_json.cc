#include "ingest/zookeeper/announcement_json.h"

#include <algorithm>

#include "ingest/realtime/sink.h"
#include "storage/base/interval.h"
#include "storage/segment/segment_descriptor.h"

namespace sarsen::ingest {
namespace {

Json druid_node_json(const std::string& service, const AnnouncedServer& server) {
  return Json::Object{
      {"service", service}, {"host", server.host}, {"bindOnHost", false},         {"plaintextPort", server.port},
      {"port", -1},         {"tlsPort", -1},       {"enablePlaintextPort", true}, {"enableTlsPort", false}};
}

Json data_node_json(const AnnouncedServer& server) {
  return Json::Object{{"dataNodeService", Json::Object{{"type", "dataNodeService"},
                                                       {"tier", server.tier},
                                                       {"maxSize", server.bytes_max},
                                                       {"serverType", server.type},
                                                       {"priority", server.priority}}}};
}

/// In the place of the field of that name.
Json with(const Json& object, std::string_view name, Json value) {
  Json::Object changed = object.object();
  for (auto& [field, old] : changed)
    if (field == name) old = std::move(value);
  return changed;
}

}  // namespace

Json server_json(const AnnouncedServer& server) {
  return Json::Object{{"name", server.host_and_port()},
                      {"host", server.host_and_port()},
                      {"hostAndTlsPort", nullptr},
                      {"maxSize", server.bytes_max},
                      {"type", server.type},
                      {"tier", server.tier},
                      {"priority", server.priority}};
}

Json service_instance_json(const std::string& service, const std::string& id, const AnnouncedServer& server,
                           std::int64_t time_ms) {
  return Json::Object{{"name", service_path_name(service)},
                      {"id", id},
                      {"address", server.host},
                      {"port", server.port},
                      {"sslPort", nullptr},
                      {"payload", nullptr},
                      {"registrationTimeUTC", time_ms},
                      {"serviceType", "DYNAMIC"},
                      {"uriSpec", nullptr}};
}

std::string service_path_name(std::string service) {
  std::replace(service.begin(), service.end(), '/', ':');
  return service;
}

Json discovery_node_json(const std::string& service, const std::string& role, const AnnouncedServer& server,
                         std::int64_t start_ms) {
  return Json::Object{{"druidNode", druid_node_json(service, server)},
                      {"nodeType", role},
                      {"services", role == "historical" ? data_node_json(server) : Json(Json::Object{})},
                      {"startTime", format_iso(start_ms)}};
}

Json served_segment_json(const storage::TimelineEntry& entry) {
  storage::SegmentDescriptor segment{.id = entry.id,
                                     .load_spec = Json::Object{},
                                     .dimensions = {},
                                     .metrics = {},
                                     .shard_spec = entry.shard_spec,
                                     .core_partitions = entry.core_partitions,
                                     .last_compaction_state = {}};
  if (const auto* sink = dynamic_cast<const Sink*>(entry.segment.get())) {
    for (const auto& metric : sink->schema().metrics) segment.metrics.push_back(metric->name());
    return with(segment.to_json(), "binaryVersion", nullptr);
  }
  for (const auto& part : entry.segment->acquire()) {
    segment.dimensions = part->dimensions();
    segment.metrics = part->metrics();
    segment.size_bytes += part->size_bytes();
  }
  return segment.to_json();
}

}  // namespace sarsen::ingest
