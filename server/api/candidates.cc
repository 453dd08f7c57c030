#include "server/api/candidates.h"

#include <vector>

#include "engine/query/query.h"
#include "server/api/json_answer.h"
#include "server/http/error_body.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

using storage::Catalog;
using storage::TimelineHit;

/// "a/b,c/d"
std::vector<Interval> intervals_of(const Request& request) {
  const auto text = request.parameter("intervals");
  if (!text || text->empty())
    throw Error(ErrorCategory::kInvalidInput,
                "The parameter \"intervals\" is required: one or more, such as 2024-01-01/P1D, with commas between");
  std::vector<Interval> intervals;
  for (std::size_t begin = 0; begin <= text->size();) {
    const std::size_t end = std::min(text->find(',', begin), text->size());
    std::string_view one = text->substr(begin, end - begin);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    intervals.push_back(parse_interval(one));
    begin = end + 1;
  }
  return engine::condensed(std::move(intervals));
}

/// The first table of the query: what it joins with has no candidates, as in Druid.
std::string table_of(const engine::Query& query) {
  std::vector<std::string> tables;
  query.source().add_tables(tables);
  if (tables.empty())
    throw Error(ErrorCategory::kInvalidInput, "dataSource: candidates are of tables, and there is none");
  return tables.front();
}

class Candidates {
 public:
  Candidates(const Catalog& catalog, const std::string& host_and_port)
      : catalog_(catalog), host_and_port_(host_and_port) {}

  void of_data_source(const Request& request, ResponseWriter& writer) const {
    respond(request, writer, request.path_values.front(), intervals_of(request));
  }

  void of_query(const Request& request, ResponseWriter& writer) const {
    const engine::QueryPtr query = engine::parse_query(Json::parse(request.body));
    respond(request, writer, table_of(*query), query->intervals());
  }

 private:
  void respond(const Request& request, ResponseWriter& writer, const std::string& data_source,
               const std::vector<Interval>& intervals) const {
    const auto timelines = catalog_.snapshot();
    JsonWriter json(style_of(request));
    json.begin_array();
    if (const auto found = timelines->find(data_source); found != timelines->end())
      for (const Interval& interval : intervals)
        for (const TimelineHit& hit : found->second->lookup(interval)) put(json, hit);
    json.end_array();
    writer.respond_json(200, json.text());
  }

  void put(JsonWriter& json, const TimelineHit& hit) const {
    json.begin_object().key("interval").string(format_iso(hit.interval));
    json.key("version").string(hit.entry->id.version);
    json.key("partitionNumber").integer(hit.entry->id.partition);
    json.key("size").integer(size_of(*hit.entry->segment));
    json.key("locations").begin_array();
    put_server(json, hit.entry->segment->is_realtime());
    json.end_array().end_object();
  }

  static std::int64_t size_of(const storage::ServedSegment& served) {
    std::size_t bytes = 0;
    for (const auto& part : served.acquire()) bytes += part->size_bytes();
    return static_cast<std::int64_t>(bytes);
  }

  /// Druid's DruidServerMetadata.
  void put_server(JsonWriter& json, bool is_realtime) const {
    json.begin_object().key("name").string(host_and_port_);
    json.key("host").string(host_and_port_);
    json.key("hostAndTlsPort").null();
    json.key("maxSize").integer(0);
    json.key("type").string(is_realtime ? "realtime" : "historical");
    json.key("tier").string("_default_tier");
    json.key("priority").integer(0);
    json.end_object();
  }

  const Catalog& catalog_;
  const std::string& host_and_port_;
};

}  // namespace

void add_candidate_routes(Router& router, const Catalog& catalog, const std::string& host_and_port) {
  const Candidates candidates(catalog, host_and_port);
  router.add(
      "GET", "/druid/v2/datasources/{name}/candidates", Execution::kPooled,
      [candidates](const Request& request, ResponseWriter& writer) { candidates.of_data_source(request, writer); });
  router.add("POST", "/druid/v2/candidates", Execution::kPooled,
             [candidates](const Request& request, ResponseWriter& writer) { candidates.of_query(request, writer); });
}

}  // namespace sarsen::server
