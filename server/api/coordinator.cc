#include "server/api/coordinator.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "server/api/json_answer.h"
#include "server/api/parameters.h"
#include "server/api/servers.h"
#include "storage/base/error.h"
#include "storage/base/java_order.h"

namespace sarsen::server {
namespace {

using storage::SegmentDescriptor;
using storage::TimelineEntry;

constexpr const char* kBase = "/druid/coordinator/v1";
constexpr const char* kTier = "_default_tier";

struct LoadCount {
  std::int64_t used = 0;
  std::int64_t missing = 0;
};

std::map<std::string, LoadCount> load_counts(const ingest::MetadataStore& metadata, const storage::Catalog& catalog) {
  const std::vector<std::string> ids = served_segment_ids(catalog);
  const std::set<std::string> served(ids.begin(), ids.end());
  std::map<std::string, LoadCount> counts;
  for (const SegmentDescriptor& segment : metadata.used_segments()) {
    LoadCount& count = counts[segment.id.data_source];
    ++count.used;
    count.missing += served.contains(segment.id.text()) ? 0 : 1;
  }
  return counts;
}

Json load_status(const Request& request, const std::map<std::string, LoadCount>& counts) {
  const bool numbers = request.has_parameter("simple") || request.has_parameter("full");
  Json::Object status;
  for (const auto& [name, count] : counts) {
    const double percent = 100.0 * static_cast<double>(count.used - count.missing) / static_cast<double>(count.used);
    status.emplace_back(name, numbers ? Json(count.missing) : Json(percent));
  }
  if (!request.has_parameter("full")) return status;
  return Json::Object{{kTier, Json(std::move(status))}};
}

/// Segments are loaded when they are published, not later: nothing waits.
Json load_queue(const Request& request, const std::string& host_and_port) {
  if (request.has_parameter("simple"))
    return Json::Object{{host_and_port, Json::Object{{"segmentsToLoad", 0},
                                                     {"segmentsToDrop", 0},
                                                     {"segmentsToLoadSize", 0},
                                                     {"segmentsToDropSize", 0},
                                                     {"expectedLoadTimeMillis", 0}}}};
  return Json::Object{
      {host_and_port, Json::Object{{"segmentsToLoad", Json::Array()}, {"segmentsToDrop", Json::Array()}}}};
}

std::string required(const Request& request, const char* name) {
  const auto value = request.parameter(name);
  if (!value) throw Error(ErrorCategory::kInvalidInput, std::string("The parameter ") + name + " is missing");
  return std::string(*value);
}

std::uint32_t parse_partition(const std::string& text) {
  const auto number = parse_number<std::uint32_t>(text);
  if (!number) throw Error(ErrorCategory::kInvalidInput, "The parameter partitionNumber is not a number: " + text);
  return *number;
}

/// Whether the segment is served as a historical does, or one of a greater version in its place.
bool is_handed_off(const Request& request, const storage::Catalog& catalog) {
  const Interval interval = parse_interval(required(request, "interval"));
  const std::string version = required(request, "version");
  const std::uint32_t partition = parse_partition(required(request, "partitionNumber"));
  const auto timelines = catalog.snapshot();
  const auto timeline = timelines->find(request.path_values[0]);
  if (timeline == timelines->end()) return false;
  const auto& entries = timeline->second->entries();
  return std::any_of(entries.begin(), entries.end(), [&](const auto& each) {
    const auto& [id, entry] = each;
    if (entry.segment->is_realtime()) return false;
    const auto order = java_compare(id.version, version);
    return order > 0 ? id.interval.contains(interval)
                     : order == 0 && id.interval == interval && id.partition == partition;
  });
}

}  // namespace

void add_coordinator_routes(Router& router, const ingest::MetadataStore& metadata, const storage::Catalog& catalog,
                            const std::string& host_and_port) {
  const auto get = [&router](const std::string& path, auto answer) {
    router.add("GET", kBase + path, Execution::kPooled,
               checked([answer = std::move(answer)](const Request& request, ResponseWriter& writer) {
                 respond(request, writer, 200, answer(request));
               }));
  };
  get("/loadstatus", [&](const Request& request) { return load_status(request, load_counts(metadata, catalog)); });
  get("/loadqueue", [&](const Request& request) { return load_queue(request, host_and_port); });
  get("/datasources/{name}/handoffComplete",
      [&](const Request& request) { return Json(is_handed_off(request, catalog)); });
}

}  // namespace sarsen::server
