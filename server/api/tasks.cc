#include "server/api/tasks.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/api/json_answer.h"
#include "server/api/parameters.h"
#include "server/http/error_body.h"
#include "storage/base/ascii_case.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

using ingest::TaskStatus;

constexpr std::string_view kBase = "/druid/indexer/v1";
constexpr std::string_view kTextType = "text/plain";
constexpr const char* kShutdownReason = "Shutdown request from user";
constexpr std::size_t kIdsMax = 10'000;

using Answer = void (*)(const TaskDirectory&, const Request&, ResponseWriter&);

void respond_text(ResponseWriter& writer, int status, const std::string& text) {
  writer.respond(status, kTextType, text);
}

/// A specification that cannot be read gets Druid's answer of old, wrong ids that of today.
void respond_refused(const Error& error, const Request& request, ResponseWriter& writer) {
  if (dynamic_cast<const ingest::TaskExists*>(&error) != nullptr)
    return writer.respond_json(
        400, error_body({"entryAlreadyExists", "USER", "INVALID_INPUT", error.what()}, style_of(request)));
  if (std::string_view(error.what()).starts_with("Invalid value for field [Task ID]"))
    return writer.respond_json(400,
                               error_body({"invalidInput", "USER", "INVALID_INPUT", error.what()}, style_of(request)));
  const bool wrong = error.category() == ErrorCategory::kInvalidInput ||
                     error.category() == ErrorCategory::kUnsupported || error.category() == ErrorCategory::kNotFound;
  respond(request, writer, wrong ? 400 : 500, Json::Object{{"error", error.what()}});
}

void post_task(const TaskDirectory& tasks, const Request& request, ResponseWriter& writer) {
  try {
    const std::string id = tasks.queue().add(Json::parse(request.body));
    respond(request, writer, 200, Json::Object{{"task", id}});
  } catch (const Error& error) {
    respond_refused(error, request, writer);
  }
}

void get_payload(const TaskDirectory& tasks, const Request& request, ResponseWriter& writer) {
  const std::string& id = request.path_values[0];
  respond(request, writer, 200, Json::Object{{"task", id}, {"payload", tasks.payload(id).value_or(Json())}});
}

void get_status(const TaskDirectory& tasks, const Request& request, ResponseWriter& writer) {
  const std::string& id = request.path_values[0];
  const auto status = tasks.status(id);
  respond(request, writer, 200, Json::Object{{"task", id}, {"status", status ? status->to_json() : Json()}});
}

void get_segments(const TaskDirectory&, const Request& request, ResponseWriter& writer) {
  respond_error(request, writer, 404,
                "Segment IDs committed by a task action are not persisted anymore. Use the metric "
                "'segment/added/bytes' to identify the segments created by a task.");
}

void get_reports(const TaskDirectory& tasks, const Request& request, ResponseWriter& writer) {
  const auto report = tasks.report(request.path_values[0]);
  if (!report || (report->is_object() && report->object().empty()))
    return respond_text(
        writer, 404,
        "No task reports were found for this task. The task may not exist, or it may not have completed yet.");
  respond(request, writer, 200, *report);
}

std::int64_t number_of(const Request& request, std::string_view name, std::int64_t otherwise) {
  const auto text = request.parameter(name);
  if (!text) return otherwise;
  const auto value = parse_number<std::int64_t>(*text);
  if (!value)
    throw Error(ErrorCategory::kInvalidInput,
                std::string(name) + ": a whole number is wanted, not: " + std::string(*text));
  return *value;
}

void get_log(const TaskDirectory& tasks, const Request& request, ResponseWriter& writer) {
  const auto log = tasks.log(request.path_values[0], number_of(request, "offset", 0));
  if (!log)
    return respond_text(
        writer, 404, "No log was found for this task. The task may not exist, or it may not have begun running yet.");
  writer.respond(200, "text/plain; charset=UTF-8", *log);
}

void post_shutdown(const TaskDirectory& tasks, const Request& request, ResponseWriter& writer) {
  tasks.shutdown(request.path_values[0], kShutdownReason);
  respond(request, writer, 200, Json::Object{{"task", request.path_values[0]}});
}

void post_shutdown_all(const TaskDirectory& tasks, const Request& request, ResponseWriter& writer) {
  TaskQuery query;
  query.data_source = request.path_values[0];
  std::vector<TaskStatus> active = tasks.list(query);
  std::erase_if(active, [](const TaskStatus& task) { return task.complete(); });
  if (active.empty()) return writer.respond(404, kJsonType, "");
  for (const TaskStatus& task : active) tasks.shutdown(task.id, kShutdownReason);
  respond(request, writer, 200, Json::Object{{"dataSource", query.data_source}});
}

void post_statuses(const TaskDirectory& tasks, const Request& request, ResponseWriter& writer) {
  const Json body = Json::parse(request.body);
  const std::vector<JsonField> ids = body.is_null() ? std::vector<JsonField>() : JsonField(body).elements();
  if (ids.empty()) return writer.respond(400, kJsonType, "No Task IDs provided.");
  if (ids.size() > kIdsMax)
    throw Error(ErrorCategory::kInvalidInput, "Too many task ids; at most " + std::to_string(kIdsMax) + " are taken");
  Json::Object statuses;
  for (const JsonField& id : ids)
    if (const auto status = tasks.status(id.string())) statuses.emplace_back(status->id, status_payload(*status));
  respond(request, writer, 200, statuses);
}

/// As Druid: of the interval only its length counts, back from now.
std::int64_t created_since(std::string_view text) {
  const Interval parsed = parse_path_interval(std::string(text));
  return ingest::system_clock_ms() - (parsed.end_ms - parsed.start_ms);
}

void respond_list(const TaskDirectory& tasks, const TaskQuery& query, const Request& request, ResponseWriter& writer) {
  Json::Array list;
  for (const TaskStatus& task : tasks.list(query)) list.push_back(task.to_json());
  respond(request, writer, 200, Json(std::move(list)));
}

std::optional<std::size_t> count_of(const Request& request, std::string_view name) {
  if (!request.has_parameter(name)) return std::nullopt;
  return static_cast<std::size_t>(std::max<std::int64_t>(0, number_of(request, name, 0)));
}

void get_tasks(const TaskDirectory& tasks, const Request& request, ResponseWriter& writer) {
  TaskQuery query;
  query.state = storage::lower_ascii(request.parameter("state").value_or(""));
  if (request.has_parameter("state") && query.state != "pending" && query.state != "waiting" &&
      query.state != "running" && query.state != "complete")
    return respond_text(
        writer, 400, "Invalid task state[" + query.state + "]. Must be one of [pending, waiting, running, complete].");
  query.data_source = request.parameter("datasource").value_or("");
  query.type = request.parameter("type").value_or("");
  query.complete_max = count_of(request, "max");
  if (const auto interval = request.parameter("createdTimeInterval")) query.created_since_ms = created_since(*interval);
  respond_list(tasks, query, request, writer);
}

template <char kState>
void get_list(const TaskDirectory& tasks, const Request& request, ResponseWriter& writer) {
  TaskQuery query;
  query.state = kState == 'w' ? "waiting" : kState == 'p' ? "pending" : kState == 'r' ? "running" : "complete";
  if (kState == 'r') query.type = request.parameter("type").value_or("");
  if (kState == 'c') query.complete_max = count_of(request, "n");
  respond_list(tasks, query, request, writer);
}

/// What is wrong with a request gets 400 and Druid's shape for this API.
Handler handler(const TaskDirectory& tasks, Answer answer) {
  return [&tasks, answer](const Request& request, ResponseWriter& writer) {
    try {
      answer(tasks, request, writer);
    } catch (const Error& error) {
      respond_refused(error, request, writer);
    }
  };
}

}  // namespace

void add_task_routes(Router& router, const TaskDirectory& tasks) {
  const std::string base(kBase);
  const auto add = [&](const char* method, const std::string& path, Answer answer) {
    router.add(method, base + path, Execution::kPooled, handler(tasks, answer));
  };
  // Druid looks for the task before anything else.
  const auto add_of_task = [&](const char* method, const std::string& path, Answer answer) {
    router.add(method, base + "/task/{id}" + path, Execution::kPooled,
               [&tasks, of_known = handler(tasks, answer)](const Request& request, ResponseWriter& writer) {
                 if (!tasks.payload(request.path_values[0]))
                   return respond_text(writer, 404, "Cannot find any task with id: [" + request.path_values[0] + "]");
                 of_known(request, writer);
               });
  };
  add("POST", "/task", post_task);
  add_of_task("GET", "", get_payload);
  add_of_task("GET", "/status", get_status);
  add_of_task("GET", "/segments", get_segments);
  add_of_task("GET", "/reports", get_reports);
  add_of_task("GET", "/log", get_log);
  add_of_task("POST", "/shutdown", post_shutdown);
  add("POST", "/datasources/{name}/shutdownAllTasks", post_shutdown_all);
  add("POST", "/taskStatus", post_statuses);
  add("GET", "/tasks", get_tasks);
  add("GET", "/waitingTasks", get_list<'w'>);
  add("GET", "/pendingTasks", get_list<'p'>);
  add("GET", "/runningTasks", get_list<'r'>);
  add("GET", "/completeTasks", get_list<'c'>);
}

}  // namespace sarsen::server
