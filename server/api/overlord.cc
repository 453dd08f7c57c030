#include "server/api/overlord.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/api/audit.h"
#include "server/api/json_answer.h"
#include "storage/base/error.h"
#include "storage/base/interval_field.h"

namespace sarsen::server {
namespace {

using ingest::RunnerTaskState;
using ingest::TaskLock;
using ingest::TaskStatus;

constexpr const char* kWorkerConfig = "worker.config";  // the name in druid_config

std::vector<TaskStatus> running(const TaskDirectory& tasks) {
  TaskQuery query;
  query.state = "running";
  return tasks.list(query);
}

Json worker_of(const TaskDirectory& tasks, const std::string& host_and_port) {
  return Json::Object{{"scheme", "http"},
                      {"host", host_and_port},
                      {"ip", host_and_port.substr(0, host_and_port.rfind(':'))},
                      {"capacity", static_cast<std::int64_t>(tasks.queue().options().workers)},
                      {"version", "0"},
                      {"category", "_default_worker_category"}};
}

/// Druid's ImmutableWorkerInfo. Tasks of supervisors run beside the workers and take none of their places.
Json workers(const TaskDirectory& tasks, const std::string& host_and_port) {
  std::map<std::string, std::int64_t> by_type;
  Json::Array groups;
  Json::Array ids;
  std::int64_t parallel = 0;
  for (const TaskStatus& task : running(tasks)) {
    ++by_type[task.type];
    groups.emplace_back(task.group_id);
    ids.emplace_back(task.id);
    parallel += task.type == "index_parallel" ? 1 : 0;
  }
  Json::Object used_by_type;
  for (const auto& [type, count] : by_type) used_by_type.emplace_back(type, count);
  Json::Object info{{"worker", worker_of(tasks, host_and_port)},
                    {"currCapacityUsed", static_cast<std::int64_t>(tasks.queue().used_workers())},
                    {"currParallelIndexCapacityUsed", parallel},
                    {"currCapacityUsedByTaskType", used_by_type}};
  info.emplace_back("availabilityGroups", Json(std::move(groups)));
  info.emplace_back("runningTasks", Json(std::move(ids)));
  const auto ended = tasks.queue().storage().complete(0, 1);
  info.emplace_back("lastCompletedTaskTime", format_iso(ended.empty() ? 0 : ended.front().created_time_ms));
  return Json::Array{Json(std::move(info))};
}

Json capacity(const TaskDirectory& tasks) {
  const auto all = static_cast<std::int64_t>(tasks.queue().options().workers);
  return Json::Object{{"currentClusterCapacity", all},
                      {"maximumCapacityWithAutoScale", -1},
                      {"usedClusterCapacity", static_cast<std::int64_t>(tasks.queue().used_workers())}};
}

Json worker_config(const TaskDirectory& tasks) {
  const auto kept = tasks.queue().storage().config(kWorkerConfig);
  return kept.value_or(
      Json::Object{{"type", "default"},
                   {"selectStrategy", Json::Object{{"type", "equalDistribution"}, {"affinityConfig", Json()}}},
                   {"autoScaler", Json()}});
}

/// Druid's LockFilterPolicy: which locks of a data source are asked for.
struct LockFilter {
  std::int64_t priority_min = 0;
  bool without_append = false;  // they are in nobody's way who asks
  std::vector<Interval> intervals;

  bool wants(const TaskLock& lock) const {
    return lock.priority >= priority_min && !(without_append && lock.type == ingest::TaskLockType::kAppend) &&
           std::any_of(intervals.begin(), intervals.end(),
                       [&](const Interval& interval) { return interval.overlaps(lock.interval); });
  }
};
using LockFilters = std::map<std::string, LockFilter>;

/// The locks of the data sources that have a filter, of all where none has.
std::map<std::string, std::vector<TaskLock>> locks_by_source(const TaskDirectory& tasks, const LockFilters& filters) {
  std::map<std::string, std::vector<TaskLock>> by_source;
  for (TaskLock& lock : tasks.queue().locks()) {
    const auto filter = filters.find(lock.data_source);
    const bool is_wanted = filters.empty() || (filter != filters.end() && filter->second.wants(lock));
    if (is_wanted && !lock.revoked) by_source[lock.data_source].push_back(std::move(lock));
  }
  return by_source;
}

Json locked_intervals(const std::map<std::string, std::vector<TaskLock>>& by_source) {
  Json::Object answer;
  for (const auto& [source, locks] : by_source) {
    std::set<Interval> intervals;
    for (const TaskLock& lock : locks) intervals.insert(lock.interval);
    Json::Array array;
    for (const Interval& interval : intervals) array.emplace_back(format_iso(interval));
    answer.emplace_back(source, Json(std::move(array)));
  }
  return answer;
}

Json active_locks(const std::map<std::string, std::vector<TaskLock>>& by_source) {
  Json::Object answer;
  for (const auto& [source, locks] : by_source) {
    Json::Array array;
    for (const TaskLock& lock : locks) array.push_back(lock.to_json());
    answer.emplace_back(source, Json(std::move(array)));
  }
  return Json::Object{{"datasourceToLocks", Json(std::move(answer))}};
}

/// Whether who has this context can work beside locks of type APPEND. `type`: the taskLockType that says so, too, which
/// differs in Druid from one way of asking to the other.
bool works_beside_append(const JsonField& context, ingest::TaskLockType type) {
  if (!context.present()) return false;
  if (context["useConcurrentLocks"].present()) return context["useConcurrentLocks"].boolean_or(false);
  return context["taskLockType"].present() && ingest::parse_task_lock_type(context["taskLockType"]) == type;
}

/// For intervals, which are all looked at.
LockFilter parse_interval_filter(const JsonField& json) {
  return {.priority_min = json["priority"].integer_or(0),
          .without_append = works_beside_append(json["context"], ingest::TaskLockType::kReplace),
          .intervals = {kEternity}};
}

LockFilter parse_lock_filter(const JsonField& json) {
  LockFilter filter{.priority_min = json["priority"].integer_or(0),
                    .without_append = works_beside_append(json["context"], ingest::TaskLockType::kAppend),
                    .intervals = {}};
  for (const JsonField& interval : json["intervals"].elements()) filter.intervals.push_back(parse_interval(interval));
  if (!json["intervals"].present()) filter.intervals.push_back(kEternity);
  return filter;
}

/// Of [{"datasource", "priority", "context", …}]. Throws kInvalidInput.
LockFilters parse_filters(const std::string& body, LockFilter (*parse)(const JsonField&)) {
  const Json json = body.empty() ? Json() : Json::parse(body);
  LockFilters filters;
  if (!json.is_null())
    for (const JsonField& element : JsonField(json).elements())
      filters[element["datasource"].string()] = parse(element);
  if (filters.empty()) throw Error(ErrorCategory::kInvalidInput, "No filter provided");
  return filters;
}

void add_worker_routes(Router& router, const TaskDirectory& tasks, const std::string& host_and_port) {
  const std::string base = "/druid/indexer/v1";
  const auto get = [&](const std::string& path, std::function<Json()> answer) {
    router.add("GET", base + path, Execution::kPooled,
               checked([answer = std::move(answer)](const Request& request, ResponseWriter& writer) {
                 respond(request, writer, 200, answer());
               }));
  };
  get("/workers", [&] { return workers(tasks, host_and_port); });
  get("/totalWorkerCapacity", [&] { return capacity(tasks); });
  get("/scaling", [] { return Json::Array(); });
  get("/worker", [&] { return worker_config(tasks); });
  get("/lockedIntervals", [&] { return locked_intervals(locks_by_source(tasks, {})); });
  router.add("POST", base + "/worker", Execution::kPooled, checked([&](const Request& request, ResponseWriter& writer) {
               const Json config = Json::parse(request.body);
               if (!config.is_object()) JsonField(config).fail("an object is wanted");
               tasks.queue().storage().set_config(kWorkerConfig, config, audit_info_of(request));
               writer.respond(200, "", "");
             }));
  router.add(
      "GET", base + "/worker/history", Execution::kPooled, checked([&](const Request& request, ResponseWriter& writer) {
        respond(request, writer, 200, tasks.queue().storage().config_history(kWorkerConfig, history_range_of(request)));
      }));
}

/// As in Druid, not while a task of the data source is active that may have had segments allocated in that time.
Json remove_pending_segments(const TaskDirectory& tasks, const Request& request) {
  const std::string& data_source = request.path_values[0];
  const auto text = request.parameter("interval");
  if (!text)
    throw Error(ErrorCategory::kInvalidInput,
                "interval: missing: the time within which the pending segments were created is wanted, start/end");
  const Interval interval = parse_interval(*text);
  TaskQuery query;
  query.data_source = data_source;
  query.complete_max = 0;
  for (const TaskStatus& task : tasks.list(query))
    if (interval.end_ms > task.created_time_ms)
      throw Error(ErrorCategory::kInvalidInput, "Cannot delete pendingSegments for datasource[" + data_source +
                                                    "] as there is at least one active task[" + task.id +
                                                    "] created at[" + format_iso(task.created_time_ms) +
                                                    "] that overlaps with the delete interval[" + format_iso(interval) +
                                                    "]. Please retry when there are no active tasks.");
  return Json::Object{
      {"numDeleted", static_cast<std::int64_t>(tasks.queue().allocation().remove_pending_of(data_source, interval))}};
}

/// Actions come from tasks on other machines, and those of this overlord run in its own process.
[[noreturn]] void refuse_action(const std::string& body) {
  const Json json = Json::parse(body);
  const std::string type = JsonField(json)["action"]["type"].string();
  throw Error(ErrorCategory::kUnsupported,
              "action: this overlord runs all tasks itself and takes no actions of others (" + type +
                  "): submit the task to it with POST /druid/indexer/v1/task");
}

}  // namespace

void add_overlord_routes(Router& router, const TaskDirectory& tasks, const std::string& host_and_port) {
  const std::string base = "/druid/indexer/v1";
  add_worker_routes(router, tasks, host_and_port);
  router.add("POST", base + "/action", Execution::kPooled,
             checked([](const Request& request, ResponseWriter&) { refuse_action(request.body); }));
  router.add("DELETE", base + "/pendingSegments/{dataSource}", Execution::kPooled,
             checked([&](const Request& request, ResponseWriter& writer) {
               respond(request, writer, 200, remove_pending_segments(tasks, request));
             }));
  router.add("POST", base + "/lockedIntervals/v2", Execution::kPooled,
             checked([&](const Request& request, ResponseWriter& writer) {
               respond(request, writer, 200,
                       locked_intervals(locks_by_source(tasks, parse_filters(request.body, parse_interval_filter))));
             }));
  router.add("POST", base + "/activeLocks", Execution::kPooled,
             checked([&](const Request& request, ResponseWriter& writer) {
               respond(request, writer, 200,
                       active_locks(locks_by_source(tasks, parse_filters(request.body, parse_lock_filter))));
             }));
}

}  // namespace sarsen::server
