#include "server/api/served_segments.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "ingest/realtime/clock.h"
#include "server/api/json_answer.h"
#include "server/api/parameters.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

using storage::SegmentDescriptor;
using Segments = std::vector<SegmentDescriptor>;
using NewestFirst = std::greater<>;
/// nullopt: 204
using Answer = std::optional<Json>;

constexpr const char* kBase = "/druid/coordinator/v1";
constexpr const char* kTier = "_default_tier";
constexpr std::int64_t kLoadStatusMs = std::int64_t{14} * 86'400'000;  // of which segments it tells, unless asked

std::int64_t bytes_of(const Segments& segments) {
  std::int64_t bytes = 0;
  for (const SegmentDescriptor& segment : segments) bytes += static_cast<std::int64_t>(segment.size_bytes);
  return bytes;
}

Json count_of(const Segments& segments) {
  return Json::Object{{"size", bytes_of(segments)}, {"count", static_cast<std::int64_t>(segments.size())}};
}

std::map<Interval, Segments, NewestFirst> by_interval(const Segments& segments) {
  std::map<Interval, Segments, NewestFirst> groups;
  for (const SegmentDescriptor& segment : segments) groups[segment.id.interval].push_back(segment);
  return groups;
}

/// {"interval": …} of each group.
Json of_intervals(const Segments& segments, const std::function<Json(const Segments&)>& tell) {
  Json::Object answer;
  for (const auto& [interval, group] : by_interval(segments)) answer.emplace_back(format_iso(interval), tell(group));
  return answer;
}

Json array_of(const Segments& segments, const std::function<Json(const SegmentDescriptor&)>& tell) {
  Json::Array array;
  for (const SegmentDescriptor& segment : segments) array.push_back(tell(segment));
  return array;
}

Json id_of(const SegmentDescriptor& segment) { return segment.id.text(); }
Json json_of(const SegmentDescriptor& segment) { return segment.to_json(); }

/// Druid's summary of one data source.
Json summary_of(const Segments& segments) {
  const std::int64_t bytes = bytes_of(segments);
  const auto count = static_cast<std::int64_t>(segments.size());
  std::int64_t begin_ms = INT64_MAX;
  std::int64_t end_ms = INT64_MIN;
  for (const SegmentDescriptor& segment : segments) {
    begin_ms = std::min(begin_ms, segment.id.interval.start_ms);
    end_ms = std::max(end_ms, segment.id.interval.end_ms);
  }
  const Json tier = Json::Object{{"size", bytes}, {"replicatedSize", bytes}, {"segmentCount", count}};
  return Json::Object{{"tiers", Json::Object{{kTier, tier}}},
                      {"segments", Json::Object{{"maxTime", format_iso(end_ms)},
                                                {"size", bytes},
                                                {"minTime", format_iso(begin_ms)},
                                                {"count", count},
                                                {"replicatedSize", bytes}}}};
}

class ServedSegments {
 public:
  ServedSegments(const ingest::MetadataStore& metadata, const storage::Catalog& catalog,
                 const std::string& host_and_port)
      : metadata_(metadata), catalog_(catalog), host_and_port_(host_and_port) {}

  Answer data_sources(const Request& request) const {
    if (!request.has_parameter("simple") && !request.has_parameter("full")) return names();
    Json::Array array;
    for (const auto& [name, segments] : by_source(kEternity)) {
      Json::Object one{{"name", name}};
      if (request.has_parameter("full")) {
        one.emplace_back("properties", Json::Object{{"client", "side"}});
        one.emplace_back("segments", array_of(segments, json_of));
      } else {
        one.emplace_back("properties", summary_of(segments));
      }
      array.emplace_back(std::move(one));
    }
    return array;
  }

  Answer data_source(const Request& request) const {
    const std::string& name = request.path_values[0];
    const Segments segments = of_source(name);
    if (segments.empty()) return std::nullopt;
    if (!request.has_parameter("full")) return summary_of(segments);
    return Json::Object{{"name", name}, {"properties", Json::Object{}}, {"segments", array_of(segments, json_of)}};
  }

  Answer intervals(const Request& request) const {
    const Segments segments = of_source(request.path_values[0]);
    if (segments.empty()) return std::nullopt;
    if (const auto told = told_by_interval(request, segments)) return told;
    Json::Array array;
    for (const auto& [interval, group] : by_interval(segments)) array.emplace_back(format_iso(interval));
    return array;
  }

  Answer interval(const Request& request) const {
    const Segments all = of_source(request.path_values[0]);
    if (all.empty()) return std::nullopt;
    const Segments segments = inside(all, parse_path_interval(request.path_values[1]));
    if (const auto told = told_by_interval(request, segments)) return told;
    return array_of(segments, id_of);
  }

  Answer server_view(const Request& request) const {
    const bool partial = request.parameter("partial").value_or("") == "true";
    const Interval interval = parse_path_interval(request.path_values[1]);
    Segments segments = of_source(request.path_values[0]);
    std::erase_if(segments, [&](const SegmentDescriptor& segment) {
      return partial ? !segment.id.interval.overlaps(interval) : !interval.contains(segment.id.interval);
    });
    return array_of(segments, [this](const SegmentDescriptor& segment) {
      return Json::Object{{"segment", segment.to_json()}, {"servers", Json::Array{server()}}};
    });
  }

  Answer segments(const Request& request) const {
    const Segments segments = of_source(request.path_values[0]);
    if (segments.empty()) return std::nullopt;
    return array_of(segments, request.has_parameter("full") ? json_of : id_of);
  }

  Answer segment(const Request& request) const {
    for (const SegmentDescriptor& segment : of_source(request.path_values[0]))
      if (segment.id.text() == request.path_values[1]) return with_servers(segment);
    return std::nullopt;
  }

  Answer tiers_of_source(const Request& request) const {
    if (of_source(request.path_values[0]).empty()) return Json::Array();
    return Json::Array{Json(kTier)};
  }

  Answer load_status(const Request& request) const {
    const auto refresh = request.parameter("forceMetadataRefresh");
    if (!refresh) throw Error(ErrorCategory::kInvalidInput, "Invalid request. forceMetadataRefresh must be specified");
    const std::int64_t now_ms = ingest::system_clock_ms();
    const auto given = request.parameter("interval");
    const Interval interval =
        given ? parse_path_interval(std::string(*given)) : Interval{now_ms - kLoadStatusMs, now_ms};
    const std::string& name = request.path_values[0];
    const std::set<std::string> served = served_ids();
    std::int64_t used = 0;
    std::int64_t missing = 0;
    for (const SegmentDescriptor& segment : metadata_.used_segments()) {
      if (segment.id.data_source != name || !segment.id.interval.overlaps(interval)) continue;
      ++used;
      missing += served.contains(segment.id.text()) ? 0 : 1;
    }
    if (used == 0) return Json("No used segment found for the given datasource and interval");
    if (request.has_parameter("simple")) return Json::Object{{name, missing}};
    if (request.has_parameter("full")) return Json::Object{{kTier, Json::Object{{name, missing}}}};
    return Json::Object{{name, 100.0 * static_cast<double>(used - missing) / static_cast<double>(used)}};
  }

  Answer all_intervals(const Request&) const { return sizes_by_interval(kEternity); }

  Answer one_interval(const Request& request) const {
    const Interval interval = parse_path_interval(request.path_values[0]);
    if (request.has_parameter("full")) return sizes_by_interval(interval);
    Segments all;
    for (const auto& [name, segments] : by_source(interval)) all.insert(all.end(), segments.begin(), segments.end());
    return request.has_parameter("simple") ? of_intervals(all, count_of) : count_of(all);
  }

  Answer tiers(const Request& request) const {
    if (!request.has_parameter("simple")) return Json::Array{Json(kTier)};
    std::int64_t bytes = 0;
    for (const auto& [name, segments] : by_source(kEternity)) bytes += bytes_of(segments);
    return Json::Object{{kTier, Json::Object{{"currSize", bytes}, {"maxSize", INT64_MAX}}}};
  }

  Answer tier(const Request& request) const {
    const bool simple = request.has_parameter("simple");
    Json::Array names;
    Json::Object sizes;
    if (request.path_values[0] == kTier)
      for (const auto& [name, segments] : by_source(kEternity)) {
        names.emplace_back(name);
        sizes.emplace_back(name, of_intervals(segments, count_of));
      }
    return simple ? Json(std::move(sizes)) : Json(std::move(names));
  }

 private:
  static Segments inside(Segments segments, const Interval& interval) {
    std::erase_if(segments, [&](const SegmentDescriptor& segment) { return !interval.contains(segment.id.interval); });
    return segments;
  }

  /// What has been put there by hand has a name and no descriptor.
  Json names() const {
    Json::Array names;
    const auto timelines = catalog_.snapshot();
    std::set<std::string> sorted;
    for (const auto& [name, timeline] : *timelines) sorted.insert(name);
    for (const std::string& name : sorted) names.emplace_back(name);
    return names;
  }

  std::set<std::string> served_ids() const {
    std::set<std::string> ids;
    const auto timelines = catalog_.snapshot();
    for (const auto& [name, timeline] : *timelines)
      for (const auto& [id, entry] : timeline->entries())
        if (!entry.segment->is_realtime()) ids.insert(id.text());
    return ids;
  }

  std::map<std::string, Segments> by_source(const Interval& interval) const {
    const std::set<std::string> served = served_ids();
    std::map<std::string, Segments> sources;
    for (SegmentDescriptor& segment : metadata_.used_segments())
      if (served.contains(segment.id.text()) && interval.contains(segment.id.interval))
        sources[segment.id.data_source].push_back(std::move(segment));
    return sources;
  }

  Segments of_source(const std::string& name) const {
    auto sources = by_source(kEternity);
    const auto found = sources.find(name);
    return found == sources.end() ? Segments() : std::move(found->second);
  }

  Json with_servers(const SegmentDescriptor& segment) const {
    return Json::Object{{"metadata", segment.to_json()}, {"servers", Json::Array{Json(host_and_port_)}}};
  }

  Json server() const {
    return Json::Object{{"name", host_and_port_}, {"host", host_and_port_}, {"hostAndTlsPort", Json()},
                        {"maxSize", INT64_MAX},   {"type", "historical"},   {"tier", kTier},
                        {"priority", 0}};
  }

  /// With ?simple and ?full.
  Answer told_by_interval(const Request& request, const Segments& segments) const {
    if (request.has_parameter("simple")) return of_intervals(segments, count_of);
    if (!request.has_parameter("full")) return std::nullopt;
    return of_intervals(segments, [this](const Segments& group) {
      Json::Object by_id;
      for (const SegmentDescriptor& segment : group) by_id.emplace_back(segment.id.text(), with_servers(segment));
      return Json(std::move(by_id));
    });
  }

  /// {interval: {data source: {"size", "count"}}}
  Json sizes_by_interval(const Interval& wanted) const {
    std::map<Interval, Json::Object, NewestFirst> groups;
    for (const auto& [name, segments] : by_source(wanted))
      for (const auto& [interval, group] : by_interval(segments)) groups[interval].emplace_back(name, count_of(group));
    Json::Object answer;
    for (auto& [interval, sizes] : groups) answer.emplace_back(format_iso(interval), Json(std::move(sizes)));
    return answer;
  }

  const ingest::MetadataStore& metadata_;
  const storage::Catalog& catalog_;
  const std::string& host_and_port_;
};

}  // namespace

void add_served_segment_routes(Router& router, const ingest::MetadataStore& metadata, const storage::Catalog& catalog,
                               const std::string& host_and_port) {
  const ServedSegments served(metadata, catalog, host_and_port);
  const auto add = [&](const std::string& path, Answer (ServedSegments::*answer)(const Request&) const) {
    router.add("GET", kBase + path, Execution::kPooled,
               checked([served, answer](const Request& request, ResponseWriter& writer) {
                 const Answer json = (served.*answer)(request);
                 json ? respond(request, writer, 200, *json) : writer.respond(204, "", "");
               }));
  };
  add("/datasources", &ServedSegments::data_sources);
  add("/datasources/{name}", &ServedSegments::data_source);
  add("/datasources/{name}/intervals", &ServedSegments::intervals);
  add("/datasources/{name}/intervals/{interval}", &ServedSegments::interval);
  add("/datasources/{name}/intervals/{interval}/serverview", &ServedSegments::server_view);
  add("/datasources/{name}/segments", &ServedSegments::segments);
  add("/datasources/{name}/segments/{id}", &ServedSegments::segment);
  add("/datasources/{name}/tiers", &ServedSegments::tiers_of_source);
  add("/datasources/{name}/loadstatus", &ServedSegments::load_status);
  add("/intervals", &ServedSegments::all_intervals);
  add("/intervals/{interval}", &ServedSegments::one_interval);
  add("/tiers", &ServedSegments::tiers);
  add("/tiers/{tier}", &ServedSegments::tier);
}

}  // namespace sarsen::server
