#include "server/api/published_segments.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "server/api/json_answer.h"
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

Json names_of(const std::set<std::string>& names) {
  Json::Array array;
  for (const std::string& name : names) array.emplace_back(name);
  return array;
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
  explicit PublishedSegments(const ingest::MetadataStore& metadata) : metadata_(metadata) {}

  void list(const Request& request, ResponseWriter& writer) const {
    const std::set<std::string> names = values_of(request, "datasources");
    Segments segments = metadata_.used_segments();
    if (!names.empty())
      std::erase_if(segments,
                    [&](const SegmentDescriptor& segment) { return !names.contains(segment.id.data_source); });
    respond(request, writer, 200, as_json(segments));
  }

  void data_sources(const Request& request, ResponseWriter& writer) const {
    std::set<std::string> names;
    for (const SegmentDescriptor& segment : metadata_.used_segments()) names.insert(segment.id.data_source);
    respond(request, writer, 200, names_of(names));
  }

  void data_source(const Request& request, ResponseWriter& writer) const {
    const Segments segments = segments_of(request);
    if (segments.empty()) return not_found(writer);
    respond(request, writer, 200,
            Json::Object{
                {"name", request.path_values[0]}, {"properties", Json::Object{}}, {"segments", as_json(segments)}});
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

 private:
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
};

Handler served_data_sources(const storage::Catalog& catalog) {
  return [&catalog](const Request& request, ResponseWriter& writer) {
    std::set<std::string> names;
    const auto timelines = catalog.snapshot();
    for (const auto& [name, timeline] : *timelines) names.insert(name);
    respond(request, writer, 200, names_of(names));
  };
}

}  // namespace

void add_published_segment_routes(Router& router, const ingest::MetadataStore& metadata,
                                  const storage::Catalog& catalog) {
  const PublishedSegments published(metadata);
  const auto add = [&](const std::string& path,
                       void (PublishedSegments::*handler)(const Request&, ResponseWriter&) const) {
    router.add("GET", "/druid/coordinator/v1" + path, Execution::kPooled,
               [published, handler](const Request& request, ResponseWriter& writer) {
                 (published.*handler)(request, writer);
               });
  };
  add("/metadata/segments", &PublishedSegments::list);
  add("/metadata/datasources", &PublishedSegments::data_sources);
  add("/metadata/datasources/{name}", &PublishedSegments::data_source);
  add("/metadata/datasources/{name}/segments", &PublishedSegments::segments);
  add("/metadata/datasources/{name}/segments/{id}", &PublishedSegments::segment);
  router.add("GET", "/druid/coordinator/v1/datasources", Execution::kInline, served_data_sources(catalog));
}

}  // namespace sarsen::server
