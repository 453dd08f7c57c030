#include "server/api/published_segments.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "server/api/json_answer.h"
#include "server/api/parameters.h"
#include "storage/base/error.h"
#include "storage/base/json.h"

namespace sarsen::server {
namespace {

using storage::SegmentDescriptor;
using Segments = std::vector<SegmentDescriptor>;

/// The values of a parameter that may be there several times.
std::set<std::string> values_of(const Request& request, std::string_view name) {
  std::set<std::string> values;
  for (const auto& [parameter, value] : request.parameters)
    if (parameter == name) values.insert(value);
  return values;
}

Json as_json(const Segments& segments) {
  Json::Array array;
  for (const SegmentDescriptor& segment : segments) array.push_back(segment.to_json());
  return array;
}

Json ids_of(const Segments& segments) {
  Json::Array array;
  for (const SegmentDescriptor& segment : segments) array.emplace_back(segment.id.text());
  return array;
}

class PublishedSegments {
 public:
  PublishedSegments(const ingest::MetadataStore& metadata, const storage::Catalog& catalog)
      : metadata_(metadata), catalog_(catalog) {}

  void list(const Request& request, ResponseWriter& writer) const {
    const std::set<std::string> names = values_of(request, "datasources");
    Segments segments = metadata_.used_segments();
    if (!names.empty())
      std::erase_if(segments,
                    [&](const SegmentDescriptor& segment) { return !names.contains(segment.id.data_source); });
    respond(request, writer, 200,
            request.has_parameter("includeOvershadowedStatus") ? with_status(segments) : as_json(segments));
  }

  void data_sources(const Request& request, ResponseWriter& writer) const {
    std::map<std::string, Segments> sources;
    for (SegmentDescriptor& segment : metadata_.used_segments())
      sources[segment.id.data_source].push_back(std::move(segment));
    Json::Array array;
    for (const auto& [name, segments] : sources)
      array.push_back(request.has_parameter("full") ? full(name, segments) : Json(name));
    respond(request, writer, 200, Json(std::move(array)));
  }

  void data_source(const Request& request, ResponseWriter& writer) const {
    const Segments segments = segments_of(request);
    if (segments.empty()) return not_found(writer);
    respond(request, writer, 200, full(request.path_values[0], segments));
  }

  void segments(const Request& request, ResponseWriter& writer) const {
    const Segments segments = segments_of(request);
    if (segments.empty()) return not_found(writer);
    respond(request, writer, 200, request.has_parameter("full") ? as_json(segments) : ids_of(segments));
  }

  void segment(const Request& request, ResponseWriter& writer) const {
    for (const SegmentDescriptor& segment : segments_of(request))
      if (segment.id.text() == request.path_values[1]) return respond(request, writer, 200, segment.to_json());
    not_found(writer);
  }

  /// Those that a kill task would find.
  void unused(const Request& request, ResponseWriter& writer) const {
    const std::string text(request.parameter("interval").value_or(""));
    std::vector<ingest::UnusedSegment> segments =
        metadata_.unused_segments(request.path_values[0], text.empty() ? kEternity : parse_path_interval(text));
    const bool descending = request.parameter("sortOrder").value_or("") == "DESC";
    std::sort(segments.begin(), segments.end(), [&](const auto& left, const auto& right) {
      return descending ? right.descriptor.id < left.descriptor.id : left.descriptor.id < right.descriptor.id;
    });
    const std::string last(request.parameter("lastSegmentId").value_or(""));
    const std::size_t limit = parse_limit(request.parameter("limit"));
    Json::Array array;
    for (const ingest::UnusedSegment& segment : segments) {
      const std::string id = segment.descriptor.id.text();
      if (array.size() == limit) break;
      if (!last.empty() && (descending ? id >= last : id <= last)) continue;
      Json::Object json = segment.descriptor.to_json().object();
      json.emplace_back("usedStatusLastUpdatedDate", format_iso(segment.last_updated_ms));
      array.emplace_back(std::move(json));
    }
    respond(request, writer, 200, Json(std::move(array)));
  }

 private:
  static std::size_t parse_limit(const std::optional<std::string_view>& text) {
    if (!text) return SIZE_MAX;
    const auto limit = parse_number<std::size_t>(*text);
    if (limit.value_or(0) == 0)
      throw Error(ErrorCategory::kInvalidInput,
                  "Invalid limit[" + std::string(*text) + "] specified. Limit must be > 0");
    return *limit;
  }

  static Json full(const std::string& name, const Segments& segments) {
    return Json::Object{{"name", name}, {"properties", Json::Object{}}, {"segments", as_json(segments)}};
  }

  /// Druid's SegmentStatusInCluster.
  Json with_status(const Segments& segments) const {
    std::set<std::string> visible;
    std::set<std::string> served;
    const auto timelines = catalog_.snapshot();
    for (const auto& [name, timeline] : *timelines) {
      for (const storage::TimelineHit& hit : timeline->lookup(kEternity)) visible.insert(hit.entry->id.text());
      for (const auto& [id, entry] : timeline->entries()) served.insert(id.text());
    }
    Json::Array array;
    for (const SegmentDescriptor& segment : segments) {
      const std::string id = segment.id.text();
      Json::Object json{{"overshadowed", served.contains(id) && !visible.contains(id)},
                        {"replicationFactor", std::int64_t{served.contains(id) ? 1 : 0}},
                        {"numRows", Json()},
                        {"realtime", false}};
      const Json described = segment.to_json();
      for (const auto& [key, value] : described.object()) json.emplace_back(key, value);
      array.emplace_back(std::move(json));
    }
    return array;
  }

  /// As Druid: nothing is said.
  static void not_found(ResponseWriter& writer) { writer.respond(404, kJsonType, ""); }

  Segments segments_of(const Request& request) const {
    Segments segments = metadata_.used_segments();
    std::erase_if(segments, [&](const SegmentDescriptor& segment) {
      return segment.id.data_source != request.path_values.front();
    });
    return segments;
  }

  const ingest::MetadataStore& metadata_;
  const storage::Catalog& catalog_;
};

}  // namespace

void add_published_segment_routes(Router& router, const ingest::MetadataStore& metadata,
                                  const storage::Catalog& catalog) {
  const PublishedSegments published(metadata, catalog);
  const auto add = [&](const std::string& path,
                       void (PublishedSegments::*handler)(const Request&, ResponseWriter&) const) {
    router.add("GET", "/druid/coordinator/v1" + path, Execution::kPooled,
               checked([published, handler](const Request& request, ResponseWriter& writer) {
                 (published.*handler)(request, writer);
               }));
  };
  add("/metadata/segments", &PublishedSegments::list);
  add("/metadata/datasources", &PublishedSegments::data_sources);
  add("/metadata/datasources/{name}", &PublishedSegments::data_source);
  add("/metadata/datasources/{name}/segments", &PublishedSegments::segments);
  add("/metadata/datasources/{name}/segments/{id}", &PublishedSegments::segment);
  add("/metadata/datasources/{name}/unusedSegments", &PublishedSegments::unused);
}

}  // namespace sarsen::server
