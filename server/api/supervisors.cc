#include "server/api/supervisors.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "server/api/json_answer.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

using ingest::Position;
using ingest::Supervisor;
using ingest::SupervisorManager;
using ingest::SupervisorSpec;

bool is_true(const Request& request, std::string_view name) {
  const auto value = request.parameter(name);
  return value && equals_ignoring_case(*value, "true");
}

Json id_of(const std::string& id) { return Json::Object{{"id", id}}; }
Json success() { return Json::Object{{"status", "success"}}; }

void post_spec(SupervisorManager& manager, const Request& request, ResponseWriter& writer) {
  const Json body = Json::parse(request.body);
  const auto spec = SupervisorSpec::parse(body);
  manager.post(spec, is_true(request, "skipRestartIfUnmodified"));
  respond(request, writer, 200, id_of(spec->id));
}

Json state_of(const Supervisor& supervisor) {
  const auto state = supervisor.state();
  return Json::Object{{"id", supervisor.spec().id},
                      {"state", ingest::basic_text(state)},
                      {"detailedState", ingest::detailed_text(state)},
                      {"healthy", ingest::is_healthy(state)},
                      {"suspended", supervisor.spec().suspended}};
}

/// With the specification: as JSON, or (`as_text`) as one text.
Json all_of(const Supervisor& supervisor, bool as_text) {
  const auto state = supervisor.state();
  const auto present = supervisor.present_spec();
  const SupervisorSpec& spec = *present;
  return Json::Object{{"id", spec.id},
                      {"state", ingest::basic_text(state)},
                      {"detailedState", ingest::detailed_text(state)},
                      {"healthy", ingest::is_healthy(state)},
                      {as_text ? "specString" : "spec", as_text ? Json(spec.json.dump()) : spec.json},
                      {"type", "kafka"},
                      {"source", spec.io.stream},
                      {"suspended", spec.suspended}};
}

void get_all(const SupervisorManager& manager, const Request& request, ResponseWriter& writer) {
  const bool full = request.has_parameter("full");
  const bool system = request.has_parameter("system");
  Json::Array list;
  for (const std::string& id : manager.ids()) {
    const auto supervisor = manager.find(id);
    if (!supervisor) continue;
    if (full || system)
      list.push_back(all_of(*supervisor, !full));
    else
      list.push_back(is_true(request, "state") ? state_of(*supervisor) : Json(id));
  }
  respond(request, writer, 200, Json(std::move(list)));
}

Json version_of(const ingest::SupervisorVersion& version) {
  return Json::Object{{"spec", version.spec}, {"version", version.version}};
}

void get_all_history(const SupervisorManager& manager, const Request& request, ResponseWriter& writer) {
  std::map<std::string, Json::Array> by_id;
  for (const auto& version : manager.history()) by_id[version.id].push_back(version_of(version));
  Json::Object history;
  for (auto& [id, versions] : by_id) history.emplace_back(id, Json(std::move(versions)));
  respond(request, writer, 200, Json(std::move(history)));
}

void get_history(const SupervisorManager& manager, const Request& request, ResponseWriter& writer) {
  const std::string& id = request.path_values[0];
  Json::Array versions;
  for (const auto& version : manager.history())
    if (version.id == id) versions.push_back(version_of(version));
  if (versions.empty()) return respond_error(request, writer, 404, "No history for [" + id + "].");
  respond(request, writer, 200, Json(std::move(versions)));
}

void get_health(Supervisor& supervisor, const Request& request, ResponseWriter& writer) {
  const bool healthy = ingest::is_healthy(supervisor.state());
  respond(request, writer, healthy ? 200 : 503, Json::Object{{"healthy", healthy}});
}

void set_suspended(SupervisorManager& manager, bool suspended, Supervisor& supervisor, const Request& request,
                   ResponseWriter& writer) {
  const std::string& id = supervisor.spec().id;
  const auto spec = manager.set_suspended(id, suspended);
  if (!spec)
    return respond_error(request, writer, 400, "[" + id + "] is already " + (suspended ? "suspended" : "running"));
  respond(request, writer, 200, spec->json);
}

/// {"type":"kafka","partitions":{"type":"end","stream":…,"partitionOffsetMap":{…}}}
Position parse_offsets(const Request& request, const SupervisorSpec& spec) {
  if (request.body.empty())
    throw Error(ErrorCategory::kInvalidInput, "Reset dataSourceMetadata is required for resetOffsets.");
  const Json body = Json::parse(request.body);
  const JsonField json(body);
  if (const std::string type = json["type"].string(); type != "kafka")
    json["type"].fail("kafka is wanted, not " + type);
  if (const std::string type = json["partitions"]["type"].string_or("end"); type != "end")
    json["partitions"]["type"].fail("Sequence numbers can only be of type[end], but found[" + type + "].");
  Position offsets = Position::parse(json);
  if (offsets.stream != spec.io.stream)
    json["partitions"].fail("Stream[" + offsets.stream + "] doesn't exist in the supervisor[" + spec.id +
                            "]. Supervisor is consuming stream[" + spec.io.stream + "].");
  for (const auto& [partition, offset] : offsets.next_offsets)
    if (offset < 0) json["partitions"].fail("an offset must not be negative: " + std::to_string(offset));
  return offsets;
}

void post_hand_off(Supervisor& supervisor, const Request& request, ResponseWriter& writer) {
  const Json body = Json::parse(request.body);
  std::set<std::uint32_t> groups;
  for (const JsonField& group : JsonField(body)["taskGroupIds"].elements()) {
    const std::int64_t number = group.integer();
    if (number < 0 || number > INT32_MAX) group.fail("a task group is wanted, not " + std::to_string(number));
    groups.insert(static_cast<std::uint32_t>(number));
  }
  if (groups.empty()) return respond_error(request, writer, 400, "List of task groups to handoff can't be empty");
  supervisor.hand_off(groups);
  writer.respond_json(200, "");
}

/// Routes for one supervisor; 404 where there is none.
class OneSupervisor {
 public:
  using Act = std::function<void(Supervisor&, const Request&, ResponseWriter&)>;

  OneSupervisor(Router& router, SupervisorManager& manager) : router_(router), manager_(manager) {}

  void add(const char* method, const std::string& path, Act act) {
    router_.add(method, "/druid/indexer/v1/supervisor/{id}" + path, Execution::kPooled,
                checked([&manager = manager_, act = std::move(act)](const Request& request, ResponseWriter& writer) {
                  const std::string& id = request.path_values[0];
                  if (const auto supervisor = manager.find(id)) return act(*supervisor, request, writer);
                  writer.respond(404, "text/plain", "Cannot find any supervisor with id: [" + id + "]");
                }));
  }

  /// Gives what `get` does.
  void add_get(const std::string& path, std::function<Json(Supervisor&)> get) {
    add("GET", path, [get = std::move(get)](Supervisor& supervisor, const Request& request, ResponseWriter& writer) {
      respond(request, writer, 200, get(supervisor));
    });
  }

  /// Does something and gives the id.
  void add_post(const std::string& path, std::function<void(Supervisor&, const Request&)> act) {
    add("POST", path, [act = std::move(act)](Supervisor& supervisor, const Request& request, ResponseWriter& writer) {
      act(supervisor, request);
      respond(request, writer, 200, id_of(supervisor.spec().id));
    });
  }

 private:
  Router& router_;
  SupervisorManager& manager_;
};

void add_all_routes(Router& router, SupervisorManager& manager) {
  const std::string base = "/druid/indexer/v1/supervisor";
  const auto add = [&](const char* method, const std::string& path, auto handler) {
    router.add(method, base + path, Execution::kPooled,
               checked([&manager, handler](const Request& request, ResponseWriter& writer) {
                 handler(manager, request, writer);
               }));
  };
  const auto add_to_all = [&](const std::string& path, auto act) {
    add("POST", path, [act](SupervisorManager& all, const Request& request, ResponseWriter& writer) {
      act(all);
      respond(request, writer, 200, success());
    });
  };
  add("POST", "", post_spec);
  add("GET", "", get_all);
  add("GET", "/history", get_all_history);
  add("GET", "/{id}/history", get_history);
  add_to_all("/suspendAll", [](SupervisorManager& all) { all.set_all_suspended(true); });
  add_to_all("/resumeAll", [](SupervisorManager& all) { all.set_all_suspended(false); });
  add_to_all("/terminateAll", [](SupervisorManager& all) { all.terminate_all(); });
}

void add_one_routes(Router& router, SupervisorManager& manager) {
  OneSupervisor one(router, manager);
  one.add_get("", [](Supervisor& supervisor) { return supervisor.present_spec()->json; });
  one.add_get("/status", [](Supervisor& supervisor) { return supervisor.status(); });
  one.add_get("/stats", [](Supervisor& supervisor) { return supervisor.stats(); });
  one.add_get("/parseErrors", [](Supervisor& supervisor) { return supervisor.parse_errors(); });
  one.add("GET", "/health", get_health);
  for (const bool suspended : {true, false})
    one.add("POST", suspended ? "/suspend" : "/resume",
            [&manager, suspended](Supervisor& supervisor, const Request& request, ResponseWriter& writer) {
              set_suspended(manager, suspended, supervisor, request, writer);
            });
  for (const char* path : {"/terminate", "/shutdown"})
    one.add_post(path, [&manager](Supervisor& supervisor, const Request&) { manager.terminate(supervisor.spec().id); });
  one.add_post("/reset", [](Supervisor& supervisor, const Request&) { supervisor.reset(); });
  one.add_post("/resetOffsets", [](Supervisor& supervisor, const Request& request) {
    supervisor.reset_offsets(parse_offsets(request, supervisor.spec()));
  });
  one.add("POST", "/taskGroups/handoff", post_hand_off);
}

}  // namespace

void add_supervisor_routes(Router& router, SupervisorManager& manager) {
  add_all_routes(router, manager);
  add_one_routes(router, manager);
}

}  // namespace sarsen::server
