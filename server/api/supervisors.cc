#include "server/api/supervisors.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "server/api/audit.h"
#include "server/api/json_answer.h"
#include "storage/base/ascii_case.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

using ingest::Position;
using ingest::SupervisorSpec;

bool is_true(const Request& request, std::string_view name) {
  const auto value = request.parameter(name);
  return value && storage::equals_ignoring_case(*value, "true");
}

Json id_of(const std::string& id) { return Json::Object{{"id", id}}; }
Json success() { return Json::Object{{"status", "success"}}; }

void post_spec(const SupervisorDirectory& all, const Request& request, ResponseWriter& writer) {
  const Json body = Json::parse(request.body);
  const bool only_if_changed = is_true(request, "skipRestartIfUnmodified");
  respond(request, writer, 200, id_of(all.post(body, only_if_changed, audit_info_of(request))));
}

/// `full`: with the specification; `system`: with it as one text, and what it supervises.
Json told(const SupervisorSummary& supervisor, bool full, bool system) {
  Json::Object json{{"id", supervisor.id},
                    {"state", supervisor.state},
                    {"detailedState", supervisor.detailed_state},
                    {"healthy", supervisor.healthy}};
  if (full) json.emplace_back("spec", supervisor.spec);
  if (system) {
    json.emplace_back("specString", supervisor.spec.dump());
    json.emplace_back("type", supervisor.type);
    json.emplace_back("source", supervisor.source);
  }
  json.emplace_back("suspended", supervisor.suspended);
  return json;
}

void get_all(const SupervisorDirectory& all, const Request& request, ResponseWriter& writer) {
  const bool full = request.has_parameter("full");
  const bool system = request.has_parameter("system");
  const bool with_state = full || system || is_true(request, "state");
  Json::Array list;
  for (const std::string& id : all.ids()) {
    if (!with_state) {
      list.emplace_back(id);
    } else if (const auto supervisor = all.summary(id)) {
      list.push_back(told(*supervisor, full, system));
    }
  }
  respond(request, writer, 200, Json(std::move(list)));
}

Json version_of(const ingest::SupervisorVersion& version) {
  return Json::Object{{"spec", version.spec}, {"version", version.version}};
}

void get_all_history(const SupervisorDirectory& all, const Request& request, ResponseWriter& writer) {
  std::map<std::string, Json::Array> by_id;
  for (const auto& version : all.history()) by_id[version.id].push_back(version_of(version));
  Json::Object history;
  for (auto& [id, versions] : by_id) history.emplace_back(id, Json(std::move(versions)));
  respond(request, writer, 200, Json(std::move(history)));
}

void get_history(const SupervisorDirectory& all, const Request& request, ResponseWriter& writer) {
  const std::string& id = request.path_values[0];
  Json::Array versions;
  for (const auto& version : all.history())
    if (version.id == id) versions.push_back(version_of(version));
  if (versions.empty()) return respond_error(request, writer, 404, "No history for [" + id + "].");
  respond(request, writer, 200, Json(std::move(versions)));
}

void get_health(const SupervisorDirectory& all, const std::string& id, const Request& request, ResponseWriter& writer) {
  const auto healthy = all.health(id);
  if (!healthy)
    return respond_error(request, writer, 404, "[" + id + "] does not exist or health check not implemented");
  respond(request, writer, *healthy ? 200 : 503, Json::Object{{"healthy", *healthy}});
}

void set_suspended(const SupervisorDirectory& all, bool suspended, const std::string& id, const Request& request,
                   ResponseWriter& writer) {
  const auto spec = all.set_suspended(id, suspended);
  if (!spec)
    return respond_error(request, writer, 400, "[" + id + "] is already " + (suspended ? "suspended" : "running"));
  respond(request, writer, 200, *spec);
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

void post_hand_off(const SupervisorDirectory& all, const std::string& id, const Request& request,
                   ResponseWriter& writer) {
  const Json body = Json::parse(request.body);
  std::set<std::uint32_t> groups;
  for (const JsonField& group : JsonField(body)["taskGroupIds"].elements()) {
    const std::int64_t number = group.integer();
    if (number < 0 || number > INT32_MAX) group.fail("a task group is wanted, not " + std::to_string(number));
    groups.insert(static_cast<std::uint32_t>(number));
  }
  if (groups.empty()) return respond_error(request, writer, 400, "List of task groups to handoff can't be empty");
  all.stream(id, "handoff")->hand_off(groups);
  writer.respond_json(200, "");
}

/// Routes for one supervisor; 404 where there is none.
class OneSupervisor {
 public:
  using Act = std::function<void(const SupervisorDirectory&, const std::string&, const Request&, ResponseWriter&)>;

  OneSupervisor(Router& router, const SupervisorDirectory& all) : router_(router), all_(all) {}

  void add(const char* method, const std::string& path, Act act) {
    router_.add(method, "/druid/indexer/v1/supervisor/{id}" + path, Execution::kPooled,
                checked([all = all_, act = std::move(act)](const Request& request, ResponseWriter& writer) {
                  const std::string& id = request.path_values[0];
                  if (all.summary(id)) return act(all, id, request, writer);
                  writer.respond(404, "text/plain", "Cannot find any supervisor with id: [" + id + "]");
                }));
  }

  /// Gives what `get` does.
  void add_get(const std::string& path,
               std::function<std::optional<Json>(const SupervisorDirectory&, const std::string&)> get) {
    add("GET", path,
        [get = std::move(get)](const SupervisorDirectory& all, const std::string& id, const Request& request,
                               ResponseWriter& writer) {
          if (const auto json = get(all, id)) return respond(request, writer, 200, *json);
          respond_error(request, writer, 404, "[" + id + "] does not exist");  // it was terminated meanwhile
        });
  }

  /// Does something and gives the id.
  void add_post(const std::string& path,
                std::function<void(const SupervisorDirectory&, const std::string&, const Request&)> act) {
    add("POST", path,
        [act = std::move(act)](const SupervisorDirectory& all, const std::string& id, const Request& request,
                               ResponseWriter& writer) {
          act(all, id, request);
          respond(request, writer, 200, id_of(id));
        });
  }

 private:
  Router& router_;
  const SupervisorDirectory all_;
};

void add_all_routes(Router& router, const SupervisorDirectory& all) {
  const std::string base = "/druid/indexer/v1/supervisor";
  const auto add = [&](const char* method, const std::string& path, auto handler) {
    router.add(
        method, base + path, Execution::kPooled,
        checked([all, handler](const Request& request, ResponseWriter& writer) { handler(all, request, writer); }));
  };
  const auto add_to_each = [&](const std::string& path, auto act) {
    add("POST", path, [act](const SupervisorDirectory& each, const Request& request, ResponseWriter& writer) {
      for (const std::string& id : each.ids()) act(each, id);
      respond(request, writer, 200, success());
    });
  };
  add("POST", "", post_spec);
  add("GET", "", get_all);
  add("GET", "/history", get_all_history);
  add("GET", "/{id}/history", get_history);
  add_to_each("/suspendAll",
              [](const SupervisorDirectory& each, const std::string& id) { each.set_suspended(id, true); });
  add_to_each("/resumeAll",
              [](const SupervisorDirectory& each, const std::string& id) { each.set_suspended(id, false); });
  add_to_each("/terminateAll", [](const SupervisorDirectory& each, const std::string& id) { each.terminate(id); });
}

void add_one_routes(Router& router, const SupervisorDirectory& directory) {
  OneSupervisor one(router, directory);
  one.add_get("", [](const SupervisorDirectory& all, const std::string& id) {
    const auto summary = all.summary(id);
    return summary ? std::optional(summary->spec) : std::nullopt;
  });
  one.add_get("/status", &SupervisorDirectory::status);
  one.add_get("/stats", &SupervisorDirectory::stats);
  one.add_get("/parseErrors", &SupervisorDirectory::parse_errors);
  one.add("GET", "/health", get_health);
  for (const bool suspended : {true, false})
    one.add("POST", suspended ? "/suspend" : "/resume",
            [suspended](const SupervisorDirectory& all, const std::string& id, const Request& request,
                        ResponseWriter& writer) { set_suspended(all, suspended, id, request, writer); });
  for (const char* path : {"/terminate", "/shutdown"})
    one.add_post(path,
                 [](const SupervisorDirectory& all, const std::string& id, const Request&) { all.terminate(id); });
  one.add_post("/reset", [](const SupervisorDirectory& all, const std::string& id, const Request&) {
    all.stream(id, "reset")->reset();
  });
  one.add_post("/resetOffsets", [](const SupervisorDirectory& all, const std::string& id, const Request& request) {
    const auto supervisor = all.stream(id, "reset");
    supervisor->reset_offsets(parse_offsets(request, supervisor->spec()));
  });
  one.add("POST", "/taskGroups/handoff", post_hand_off);
}

}  // namespace

void add_supervisor_routes(Router& router, const SupervisorDirectory& supervisors) {
  add_all_routes(router, supervisors);
  add_one_routes(router, supervisors);
}

}  // namespace sarsen::server
