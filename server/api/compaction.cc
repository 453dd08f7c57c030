#include "server/api/compaction.h"

#include <charconv>
#include <functional>
#include <string>
#include <utility>

#include "server/api/json_answer.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

using ingest::AutoCompaction;
using ingest::CompactionConfig;
using ingest::CompactionProgress;
using ingest::DataSourceCompaction;

[[noreturn]] void refuse_unknown() {
  throw Error(ErrorCategory::kNotFound, "Datasource compaction config does not exist");
}

void post_config(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const Json body = Json::parse(request.body);
  const DataSourceCompaction parsed = DataSourceCompaction::parse(JsonField(body));
  compaction.change_config([&](CompactionConfig& config) {
    config.set(parsed);
    return true;
  });
  writer.respond(200, kJsonType, "");
}

/// Throws kInvalidInput.
template <class Number>
std::optional<Number> number_of(const Request& request, std::string_view name, Number min) {
  const auto text = request.parameter(name);
  if (!text) return std::nullopt;
  Number value{};
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || !(value >= min))
    throw Error(ErrorCategory::kInvalidInput,
                std::string(name) + ": a number that is not negative is wanted, not: " + std::string(*text));
  return value;
}

void post_task_slots(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const auto ratio = number_of<double>(request, "ratio", 0);
  const auto most = number_of<std::int64_t>(request, "max", 0);
  compaction.change_config([&](CompactionConfig& config) {
    config.task_slot_ratio = ratio.value_or(config.task_slot_ratio);
    config.task_slots_max = most.value_or(config.task_slots_max);
    return true;
  });
  writer.respond(200, kJsonType, "");
}

void get_one(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const CompactionConfig config = compaction.config();
  const DataSourceCompaction* found = config.find(request.path_values[0]);
  if (found == nullptr) refuse_unknown();
  respond(request, writer, 200, found->json);
}

void delete_one(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const bool removed =
      compaction.change_config([&](CompactionConfig& config) { return config.remove(request.path_values[0]); });
  if (!removed) refuse_unknown();
  writer.respond(200, kJsonType, "");
}

Json status_of(const AutoCompaction& compaction, const DataSourceCompaction& config) {
  const CompactionProgress progress = compaction.progress(config);
  return Json::Object{{"dataSource", config.data_source},
                      {"scheduleStatus", "RUNNING"},
                      {"message", Json()},
                      {"bytesAwaitingCompaction", progress.awaiting.bytes},
                      {"bytesCompacted", progress.compacted.bytes},
                      {"bytesSkipped", progress.skipped.bytes},
                      {"segmentCountAwaitingCompaction", progress.awaiting.segments},
                      {"segmentCountCompacted", progress.compacted.segments},
                      {"segmentCountSkipped", progress.skipped.segments},
                      {"intervalCountAwaitingCompaction", progress.awaiting.intervals},
                      {"intervalCountCompacted", progress.compacted.intervals},
                      {"intervalCountSkipped", progress.skipped.intervals}};
}

void get_status(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const std::string wanted(request.parameter("dataSource").value_or(""));
  Json::Array statuses;
  for (const DataSourceCompaction& config : compaction.config().data_sources)
    if (wanted.empty() || wanted == config.data_source) statuses.push_back(status_of(compaction, config));
  if (!wanted.empty() && statuses.empty()) return respond_error(request, writer, 404, "Unknown DataSource");
  respond(request, writer, 200, Json::Object{{"latestStatus", Json(std::move(statuses))}});
}

void get_progress(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const std::string wanted(request.parameter("dataSource").value_or(""));
  if (wanted.empty()) throw Error(ErrorCategory::kInvalidInput, "No DataSource specified");
  const CompactionConfig config = compaction.config();
  const DataSourceCompaction* found = config.find(wanted);
  if (found == nullptr) return respond_error(request, writer, 404, "Unknown DataSource");
  respond(request, writer, 200, Json::Object{{"remainingSegmentSize", compaction.progress(*found).awaiting.bytes}});
}

}  // namespace

void add_compaction_routes(Router& router, AutoCompaction& compaction) {
  const std::string base = "/druid/coordinator/v1";
  const auto add = [&](const char* method, const std::string& path, auto answer) {
    router.add(method, base + path, Execution::kPooled,
               checked_structured([&compaction, answer](const Request& request, ResponseWriter& writer) {
                 answer(compaction, request, writer);
               }));
  };
  add("GET", "/config/compaction", [](AutoCompaction& all, const Request& request, ResponseWriter& writer) {
    respond(request, writer, 200, all.config().to_json());
  });
  add("POST", "/config/compaction", post_config);
  add("POST", "/config/compaction/taskslots", post_task_slots);
  add("GET", "/config/compaction/{dataSource}", get_one);
  add("DELETE", "/config/compaction/{dataSource}", delete_one);
  add("GET", "/compaction/status", get_status);
  add("GET", "/compaction/progress", get_progress);
  add("POST", "/compaction/compact", [](AutoCompaction& all, const Request&, ResponseWriter& writer) {
    all.run_once();
    writer.respond(200, kJsonType, "");
  });
}

}  // namespace sarsen::server
