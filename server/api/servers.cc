#include "server/api/servers.h"

#include <algorithm>
#include <optional>
#include <set>

#include "server/api/json_answer.h"
#include "server/api/parameters.h"
#include "storage/base/interval.h"

namespace sarsen::server {
namespace {

using storage::SegmentDescriptor;

constexpr const char* kBase = "/druid/coordinator/v1";
constexpr const char* kTier = "_default_tier";

std::vector<SegmentDescriptor> served_segments(const ingest::MetadataStore& metadata, const storage::Catalog& catalog) {
  const std::vector<std::string> ids = served_segment_ids(catalog);
  const std::set<std::string> served(ids.begin(), ids.end());
  std::vector<SegmentDescriptor> segments = metadata.used_segments();
  std::erase_if(segments, [&](const SegmentDescriptor& segment) { return !served.contains(segment.id.text()); });
  return segments;
}

std::int64_t size_of(const std::vector<SegmentDescriptor>& segments) {
  std::int64_t bytes = 0;
  for (const SegmentDescriptor& segment : segments) bytes += static_cast<std::int64_t>(segment.size_bytes);
  return bytes;
}

Json simple_server(const std::string& host_and_port, const std::vector<SegmentDescriptor>& segments) {
  return Json::Object{{"host", host_and_port},         {"tier", kTier},       {"type", "historical"}, {"priority", 0},
                      {"currSize", size_of(segments)}, {"maxSize", INT64_MAX}};
}

Json full_server(const std::string& host_and_port, const std::vector<SegmentDescriptor>& segments) {
  Json::Object by_id;
  for (const SegmentDescriptor& segment : segments) by_id.emplace_back(segment.id.text(), segment.to_json());
  return Json::Object{
      {"host", host_and_port}, {"maxSize", INT64_MAX},         {"type", "historical"},         {"tier", kTier},
      {"priority", 0},         {"segments", std::move(by_id)}, {"currSize", size_of(segments)}};
}

Json servers(const Request& request, const std::string& host_and_port, const std::vector<SegmentDescriptor>& segments) {
  if (request.has_parameter("full")) return Json::Array{full_server(host_and_port, segments)};
  if (request.has_parameter("simple")) return Json::Array{simple_server(host_and_port, segments)};
  return Json::Array{Json(host_and_port)};
}

Json segments_json(const Request& request, const std::vector<SegmentDescriptor>& segments) {
  Json::Array array;
  for (const SegmentDescriptor& segment : segments)
    array.push_back(request.has_parameter("full") ? segment.to_json() : Json(segment.id.text()));
  return array;
}

std::optional<Json> segment_json(const std::string& id, const std::vector<SegmentDescriptor>& segments) {
  for (const SegmentDescriptor& segment : segments)
    if (segment.id.text() == id) return segment.to_json();
  return std::nullopt;
}

/// "127.0.0.1:8082"
std::pair<std::string, std::int64_t> host_and_port_of(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  return {text.substr(0, colon), std::stoll(text.substr(colon + 1))};
}

Json node_json(const std::string& role, const std::string& service, const std::string& address, bool full,
               const ClusterNode& node) {
  const auto [host, port] = host_and_port_of(address);
  if (!full) return Json::Object{{"host", host}, {"service", service}, {"plaintextPort", port}};
  return Json::Object{{"druidNode", Json::Object{{"service", service},
                                                 {"host", host},
                                                 {"bindOnHost", false},
                                                 {"plaintextPort", port},
                                                 {"port", -1},
                                                 {"tlsPort", -1},
                                                 {"enablePlaintextPort", true},
                                                 {"enableTlsPort", false}}},
                      {"nodeType", role},
                      {"services", Json::Object()},
                      {"startTime", format_iso(node.start_time_ms)}};
}

/// Of all roles, or of one: those whose name is asked for.
Json nodes_of(const std::string& role, const std::string& address, bool full, const ClusterNode& node) {
  Json::Array nodes;
  for (const auto& [own_role, service] : node.services)
    if (own_role == role) nodes.push_back(node_json(own_role, service, address, full, node));
  return nodes;
}

Json cluster(const std::string& address, bool full, const ClusterNode& node) {
  Json::Object by_role;
  for (const auto& [role, service] : node.services) by_role.emplace_back(role, nodes_of(role, address, full, node));
  return by_role;
}

bool wants_full(const Request& request) { return request.parameter("full") == "true"; }

}  // namespace

std::vector<std::string> served_segment_ids(const storage::Catalog& catalog) {
  std::vector<std::string> ids;
  const auto timelines = catalog.snapshot();
  for (const auto& [name, timeline] : *timelines)
    for (const auto& [id, entry] : timeline->entries())
      if (!entry.segment->is_realtime()) ids.push_back(id.text());
  return ids;
}

void add_server_routes(Router& router, const ingest::MetadataStore& metadata, const storage::Catalog& catalog,
                       const std::string& host_and_port, const ClusterNode& node) {
  using Answer = std::function<std::optional<Json>(const Request&)>;
  const auto get = [&router](const std::string& path, Answer answer) {
    router.add("GET", kBase + path, Execution::kPooled,
               checked([answer = std::move(answer)](const Request& request, ResponseWriter& writer) {
                 const std::optional<Json> json = answer(request);
                 json ? respond(request, writer, 200, *json) : writer.respond(404, "", "");
               }));
  };
  const auto segments = [&] { return served_segments(metadata, catalog); };
  /// Of the server that the path names, where it is this one.
  const auto of_server = [&host_and_port, get](const std::string& path, Answer answer) {
    get("/servers/{server}" + path, [&host_and_port, answer = std::move(answer)](const Request& request) {
      return request.path_values[0] == host_and_port ? answer(request) : std::nullopt;
    });
  };
  get("/servers", [&, segments](const Request& request) { return servers(request, host_and_port, segments()); });
  of_server("", [&, segments](const Request& request) {
    return request.has_parameter("simple") ? simple_server(host_and_port, segments())
                                           : full_server(host_and_port, segments());
  });
  of_server("/segments", [segments](const Request& request) { return segments_json(request, segments()); });
  of_server("/segments/{segment}",
            [segments](const Request& request) { return segment_json(request.path_values[1], segments()); });
  get("/cluster", [&, node](const Request& request) { return cluster(host_and_port, wants_full(request), node); });
  get("/cluster/{role}", [&, node](const Request& request) {
    return nodes_of(request.path_values[0], host_and_port, wants_full(request), node);
  });
}

}  // namespace sarsen::server
