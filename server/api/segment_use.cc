#include "server/api/segment_use.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "ingest/realtime/clock.h"
#include "ingest/tasks/task.h"
#include "server/api/json_answer.h"
#include "server/api/parameters.h"
#include "storage/base/error.h"
#include "storage/base/interval_field.h"

namespace sarsen::server {
namespace {

using ingest::SegmentFilter;

constexpr std::size_t kIdsMax = 100'000;

void respond_changed(std::size_t count, const Request& request, ResponseWriter& writer) {
  respond(request, writer, 200,
          Json::Object{{"numChangedSegments", static_cast<std::int64_t>(count)}, {"segmentStateChanged", count > 0}});
}

std::set<std::string> texts(const JsonField& array) {
  std::set<std::string> values;
  for (const JsonField& element : array.elements()) values.insert(element.string());
  return values;
}

/// Throws kInvalidInput.
SegmentFilter parse_filter(const std::string& body) {
  const Json json = Json::parse(body);
  const JsonField field(json);
  SegmentFilter filter;
  if (field["interval"].present()) filter.interval = parse_interval(field["interval"]);
  if (field["segmentIds"].present()) filter.ids = texts(field["segmentIds"]);
  if (field["versions"].present()) filter.versions = texts(field["versions"]);
  const bool valid = filter.interval ? !filter.ids : filter.ids && !filter.ids->empty() && !filter.versions;
  if (!valid)
    throw Error(ErrorCategory::kInvalidInput,
                "Invalid request payload. Specify either 'interval' or 'segmentIds', but not both. Optionally, include "
                "'versions' only when 'interval' is provided.");
  if (filter.ids && filter.ids->size() > kIdsMax)
    field["segmentIds"].fail("at most " + std::to_string(kIdsMax) + " are taken");
  return filter;
}

void submit_kill(const TaskDirectory& tasks, const std::string& data_source, const Interval& interval) {
  const std::string id = "api-issued_" + ingest::new_task_id("kill", data_source, interval, ingest::system_clock_ms());
  tasks.queue().add(
      Json::Object{{"type", "kill"}, {"id", id}, {"dataSource", data_source}, {"interval", format_iso(interval)}});
}

class SegmentUseRoutes {
 public:
  SegmentUseRoutes(Router& router, ingest::SegmentUse& use, const TaskDirectory& tasks)
      : router_(router), use_(use), tasks_(tasks) {}

  void add(const std::string& base) {
    add_to_data_source(base + "/{name}");
    add_to_segment(base + "/{name}/segments/{id}");
    route("DELETE", base + "/{name}/intervals/{interval}",
          [&tasks = tasks_](const Request& request, ResponseWriter& writer) {
            submit_kill(tasks, request.path_values[0], parse_path_interval(request.path_values[1]));
            writer.respond(200, "", "");
          });
  }

 private:
  void route(const char* method, const std::string& path,
             std::function<void(const Request&, ResponseWriter&)> handler) {
    router_.add(method, path, Execution::kPooled, checked_structured(std::move(handler)));
  }

  void add_to_data_source(const std::string& path) {
    route("POST", path, [&use = use_](const Request& request, ResponseWriter& writer) {
      respond_changed(use.mark_used(request.path_values[0], {}), request, writer);
    });
    route("DELETE", path, [&use = use_, &tasks = tasks_](const Request& request, ResponseWriter& writer) {
      if (request.parameter("kill").value_or("") != "true")
        return respond_changed(use.mark_unused(request.path_values[0], {}), request, writer);
      submit_kill(tasks, request.path_values[0],
                  parse_path_interval(std::string(request.parameter("interval").value_or(""))));
      writer.respond(200, "", "");
    });
    route("POST", path + "/markUsed", [&use = use_](const Request& request, ResponseWriter& writer) {
      respond_changed(use.mark_used(request.path_values[0], parse_filter(request.body)), request, writer);
    });
    route("POST", path + "/markUnused", [&use = use_](const Request& request, ResponseWriter& writer) {
      respond_changed(use.mark_unused(request.path_values[0], parse_filter(request.body)), request, writer);
    });
  }

  void add_to_segment(const std::string& path) {
    const auto one = [](const Request& request) {
      return SegmentFilter{.interval = {}, .versions = {}, .ids = std::set<std::string>{request.path_values[1]}};
    };
    route("POST", path, [&use = use_, one](const Request& request, ResponseWriter& writer) {
      respond_changed(use.mark_used(request.path_values[0], one(request), true), request, writer);
    });
    route("DELETE", path, [&use = use_, one](const Request& request, ResponseWriter& writer) {
      respond_changed(use.mark_unused(request.path_values[0], one(request)), request, writer);
    });
  }

  Router& router_;
  ingest::SegmentUse& use_;
  const TaskDirectory& tasks_;
};

}  // namespace

void add_segment_use_routes(Router& router, ingest::SegmentUse& use, const TaskDirectory& tasks) {
  SegmentUseRoutes routes(router, use, tasks);
  routes.add("/druid/coordinator/v1/datasources");
  routes.add("/druid/indexer/v1/datasources");
}

}  // namespace sarsen::server
