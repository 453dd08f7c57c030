#include "server/api/data_sources.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/http/error_body.h"
#include "storage/base/interval.h"

namespace sarsen::server {
namespace {

using storage::Catalog;
using storage::Timeline;

/// Names in the order of their first appearance.
using Names = std::vector<std::string>;

struct Columns {
  Names dimensions;
  Names metrics;
  bool operator==(const Columns&) const = default;
};

void add_all(Names& names, const std::vector<std::string>& more) {
  for (const std::string& name : more)
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

void add_columns(Columns& columns, const storage::ServedSegment& served) {
  for (const auto& segment : served.acquire()) {
    add_all(columns.dimensions, segment->dimensions());
    add_all(columns.metrics, segment->metrics());
  }
}

Interval interval_of(const Request& request) {
  const auto text = request.parameter("interval");
  return text && !text->empty() ? parse_interval(*text) : kEternity;
}

/// The newest segment's columns first: what a user knows best.
Columns columns_of(const Timeline& timeline, const Interval& interval) {
  Columns columns;
  const auto hits = timeline.lookup(interval);
  for (auto hit = hits.rbegin(); hit != hits.rend(); ++hit) add_columns(columns, *hit->entry->segment);
  return columns;
}

/// Neighbours with equal columns are one.
std::vector<std::pair<Interval, Columns>> columns_by_interval(const Timeline& timeline, const Interval& interval) {
  std::vector<std::pair<Interval, Columns>> result;
  for (const auto& hit : timeline.lookup(interval)) {
    Columns columns;
    add_columns(columns, *hit.entry->segment);
    if (!result.empty() && result.back().first == hit.interval) {  // a further partition
      add_columns(result.back().second, *hit.entry->segment);
    } else if (!result.empty() && result.back().first.end_ms == hit.interval.start_ms &&
               result.back().second == columns) {
      result.back().first.end_ms = hit.interval.end_ms;
    } else {
      result.emplace_back(hit.interval, std::move(columns));
    }
  }
  return result;
}

void put_names(JsonWriter& json, const Names& names) {
  json.begin_array();
  for (const std::string& name : names) json.string(name);
  json.end_array();
}

void put_columns(JsonWriter& json, const Columns& columns) {
  json.begin_object().key("dimensions");
  put_names(json, columns.dimensions);
  json.key("metrics");
  put_names(json, columns.metrics);
  json.end_object();
}

class DataSources {
 public:
  explicit DataSources(const Catalog& catalog) : catalog_(catalog) {}

  void list(const Request& request, ResponseWriter& writer) const {
    JsonWriter json(style_of(request));
    json.begin_array();
    const auto timelines = catalog_.snapshot();
    for (const auto& [name, timeline] : *timelines) json.string(name);
    json.end_array();
    writer.respond_json(200, json.text());
  }

  void describe(const Request& request, ResponseWriter& writer) const {
    const Timeline timeline = timeline_of(request);
    JsonWriter json(style_of(request));
    if (request.has_parameter("full")) {
      json.begin_object();
      for (const auto& [interval, columns] : columns_by_interval(timeline, interval_of(request))) {
        json.key(format_iso(interval));
        put_columns(json, columns);
      }
      json.end_object();
    } else {
      put_columns(json, columns_of(timeline, interval_of(request)));
    }
    writer.respond_json(200, json.text());
  }

  void names(const Request& request, ResponseWriter& writer, Names Columns::* kind) const {
    JsonWriter json(style_of(request));
    put_names(json, columns_of(timeline_of(request), interval_of(request)).*kind);
    writer.respond_json(200, json.text());
  }

 private:
  /// Empty for an unknown data source: that is no error, as in Druid.
  Timeline timeline_of(const Request& request) const {
    const auto timelines = catalog_.snapshot();
    const auto found = timelines->find(request.path_values.front());
    return found == timelines->end() ? Timeline() : *found->second;
  }

  const Catalog& catalog_;
};

}  // namespace

void add_data_source_routes(Router& router, const Catalog& catalog) {
  const DataSources sources(catalog);
  router.add("GET", "/druid/v2/datasources", Execution::kInline,
             [sources](const Request& request, ResponseWriter& writer) { sources.list(request, writer); });
  router.add("GET", "/druid/v2/datasources/{name}", Execution::kPooled,
             [sources](const Request& request, ResponseWriter& writer) { sources.describe(request, writer); });
  router.add("GET", "/druid/v2/datasources/{name}/dimensions", Execution::kPooled,
             [sources](const Request& request, ResponseWriter& writer) {
               sources.names(request, writer, &Columns::dimensions);
             });
  router.add(
      "GET", "/druid/v2/datasources/{name}/metrics", Execution::kPooled,
      [sources](const Request& request, ResponseWriter& writer) { sources.names(request, writer, &Columns::metrics); });
}

}  // namespace sarsen::server
