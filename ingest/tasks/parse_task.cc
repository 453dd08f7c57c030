#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "ingest/tasks/task.h"
#include "ingest/tasks/task_types.h"
#include "storage/base/error.h"
#include "storage/base/interval_field.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;

struct TaskType {
  std::string_view name;
  std::unique_ptr<Task> (*make)(const JsonField& json, const fs::path& base_directory);
  std::string (*data_source)(const JsonField& json);
  int priority;  // Druid's default
  bool interval_in_id = false;
};

constexpr std::array kTypes = {
    TaskType{"index", make_index_task, data_source_of_index, 50},
    TaskType{"index_parallel", make_index_task, data_source_of_index, 50},
    TaskType{"compact", make_compact_task, data_source_of_task, 25},
    TaskType{"kill", make_kill_task, data_source_of_task, 0, true},
    TaskType{"move", make_move_task, data_source_of_task, 0, true},
    TaskType{"archive", make_archive_task, data_source_of_task, 0, true},
    TaskType{"restore", make_restore_task, data_source_of_task, 0, true},
    TaskType{"noop", make_noop_task, data_source_of_noop, 0},
};

/// Druid has them, and we do not.
const std::vector<std::string> kNotBuilt = {"index_hadoop",
                                            "index_kafka",
                                            "index_kinesis",
                                            "index_realtime_appenderator",
                                            "index_sub",
                                            "partial_dimension_cardinality",
                                            "partial_dimension_distribution",
                                            "partial_index_generate",
                                            "partial_index_generic_merge",
                                            "partial_range_index_generate",
                                            "query_controller",
                                            "query_worker",
                                            "single_phase_sub_task"};

const TaskType* find_type(const std::string& name) {
  const auto found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const TaskType& type) { return type.name == name; });
  return found == kTypes.end() ? nullptr : &*found;
}

std::string known_types(std::vector<std::string> names = {}) {
  for (const TaskType& type : kTypes) names.emplace_back(type.name);
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

const TaskType& type_of(const JsonField& json) {
  if (!json["type"].present())
    json.fail(
        "Could not resolve subtype of [simple type, class org.apache.druid.indexing.common.task.Task]: missing type id "
        "property 'type'");
  const std::string name = json["type"].string();
  if (const TaskType* type = find_type(name)) return *type;
  if (std::find(kNotBuilt.begin(), kNotBuilt.end(), name) != kNotBuilt.end())
    throw Error(ErrorCategory::kUnsupported,
                "Task type [" + name + "] is not supported yet; these are: [" + known_types() + "]");
  throw Error(ErrorCategory::kInvalidInput,
              "Could not resolve type id '" + name +
                  "' as a subtype of `org.apache.druid.indexing.common.task.Task`: known type ids = [" +
                  known_types(kNotBuilt) + "]");
}

std::string make_id(const TaskType& type, const JsonField& json, const std::string& data_source, std::int64_t now_ms) {
  if (const auto given = json["id"].optional_string()) return *given;
  std::optional<Interval> interval;
  if (type.interval_in_id) interval = parse_interval(json["interval"]);
  return new_task_id(std::string(type.name), data_source, interval, now_ms);
}

bool is_filled_in(std::string_view key) {
  return key == "type" || key == "id" || key == "groupId" || key == "resource" || key == "dataSource" ||
         key == "context";
}

Json context_of(const JsonField& json) {
  Json::Object context;
  for (const auto& [key, value] : json["context"].members()) context.emplace_back(key, value.json());
  for (const char* key : {"forceTimeChunkLock", "useLineageBasedSegmentAllocation"})
    if (!json["context"].present() || !json["context"][key].present()) context.emplace_back(key, true);
  return context;
}

/// As Druid prints a task that it has read: what all tasks have comes first.
Json fill_in(const JsonField& json, const TaskIdentity& identity) {
  Json::Object payload{{"type", identity.type},
                       {"id", identity.id},
                       {"groupId", identity.group_id},
                       {"resource", Json::Object{{"availabilityGroup", identity.id}, {"requiredCapacity", 1}}}};
  for (const auto& [key, value] : json.members())
    if (!is_filled_in(key)) payload.emplace_back(key, value.present() ? value.json() : Json());
  payload.emplace_back("context", context_of(json));
  payload.emplace_back("dataSource", identity.data_source);
  return payload;
}

}  // namespace

bool is_task_type(const std::string& type) { return find_type(type) != nullptr; }

ParsedTask parse_task(const Json& json, const fs::path& base_directory, std::int64_t now_ms) {
  const JsonField field(json);
  const TaskType& type = type_of(field);
  ParsedTask parsed;
  TaskIdentity& identity = parsed.identity;
  identity.type = type.name;
  identity.data_source = type.data_source(field);
  identity.id = make_id(type, field, identity.data_source, now_ms);
  check_task_id(identity.id);
  identity.group_id = field["groupId"].string_or(identity.id);
  const JsonField context = field["context"];
  if (context.present()) {
    identity.priority = static_cast<int>(context["priority"].integer_or(type.priority));
    identity.lock_timeout_ms = context["taskLockTimeout"].integer_or(identity.lock_timeout_ms);
  } else {
    identity.priority = type.priority;
  }
  parsed.task = type.make(field, base_directory);
  identity.payload = fill_in(field, identity);
  return parsed;
}

Json::Object task_report(const std::string& key, const std::string& task_id, Json payload) {
  return {{key, Json::Object{{"type", key}, {"taskId", task_id}, {"payload", std::move(payload)}}}};
}

std::string data_source_of_task(const JsonField& json) { return json["dataSource"].string(); }

}  // namespace sarsen::ingest
