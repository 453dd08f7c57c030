#include "server/api/compaction.h"

#include <functional>
#include <string>
#include <utility>

#include "server/api/audit.h"
#include "server/api/json_answer.h"
#include "server/api/parameters.h"
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

void set_config(AutoCompaction& compaction, const Request& request) {
  const Json body = Json::parse(request.body);
  const DataSourceCompaction parsed = DataSourceCompaction::parse(JsonField(body));
  compaction.change_config(
      [&](CompactionConfig& config) {
        config.set(parsed);
        return true;
      },
      audit_info_of(request));
}

/// Throws kInvalidInput.
template <class Number>
std::optional<Number> number_of(const Request& request, std::string_view name, Number min) {
  const auto text = request.parameter(name);
  if (!text) return std::nullopt;
  const auto value = parse_number<Number>(*text);
  if (!value || !(*value >= min))
    throw Error(ErrorCategory::kInvalidInput,
                std::string(name) + ": a number that is not negative is wanted, not: " + std::string(*text));
  return value;
}

void post_task_slots(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const auto ratio = number_of<double>(request, "ratio", 0);
  const auto most = number_of<std::int64_t>(request, "max", 0);
  compaction.change_config(
      [&](CompactionConfig& config) {
        config.task_slot_ratio = ratio.value_or(config.task_slot_ratio);
        config.task_slots_max = most.value_or(config.task_slots_max);
        return true;
      },
      audit_info_of(request));
  writer.respond(200, kJsonType, "");
}

void get_one(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const CompactionConfig config = compaction.config();
  const DataSourceCompaction* found = config.find(request.path_values[0]);
  if (found == nullptr) refuse_unknown();
  respond(request, writer, 200, found->json);
}

void remove_config(AutoCompaction& compaction, const Request& request) {
  const bool removed = compaction.change_config(
      [&](CompactionConfig& config) { return config.remove(request.path_values[0]); }, audit_info_of(request));
  if (!removed) refuse_unknown();
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

/// By the path, or by ?dataSource; empty: all.
std::string wanted_source(const Request& request) {
  if (!request.path_values.empty()) return request.path_values[0];
  return std::string(request.parameter("dataSource").value_or(""));
}

void get_status(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const std::string wanted = wanted_source(request);
  Json::Array statuses;
  for (const DataSourceCompaction& config : compaction.config().data_sources)
    if (wanted.empty() || wanted == config.data_source) statuses.push_back(status_of(compaction, config));
  if (!wanted.empty() && statuses.empty()) throw Error(ErrorCategory::kNotFound, "Unknown DataSource");
  respond(request, writer, 200, Json::Object{{"latestStatus", Json(std::move(statuses))}});
}

void get_progress(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const std::string wanted(request.parameter("dataSource").value_or(""));
  if (wanted.empty()) throw Error(ErrorCategory::kInvalidInput, "No DataSource specified");
  const CompactionConfig config = compaction.config();
  const DataSourceCompaction* found = config.find(wanted);
  if (found == nullptr) throw Error(ErrorCategory::kNotFound, "Unknown DataSource");
  respond(request, writer, 200, Json::Object{{"remainingSegmentSize", compaction.progress(*found).awaiting.bytes}});
}

void post_cluster(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const Json body = Json::parse(request.body);
  ingest::check_compaction_cluster(JsonField(body));
  compaction.change_config(
      [&](CompactionConfig& config) {
        config.set_cluster(JsonField(body));
        return true;
      },
      audit_info_of(request));
  respond(request, writer, 200, Json::Object{{"success", true}});
}

void get_history(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  respond(request, writer, 200, compaction.history(request.path_values[0], history_range_of(request)));
}

/// The same as below /druid/coordinator/v1, as Druid has it from version 32 on for the overlord.
void add_overlord_routes(Router& router, AutoCompaction& compaction) {
  const std::string base = "/druid/indexer/v1/compaction";
  const auto add = [&](const char* method, const std::string& path, auto answer) {
    router.add(method, base + path, Execution::kPooled,
               checked_structured([&compaction, answer](const Request& request, ResponseWriter& writer) {
                 answer(compaction, request, writer);
               }));
  };
  const auto then_success = [](auto change) {
    return [change](AutoCompaction& all, const Request& request, ResponseWriter& writer) {
      change(all, request);
      respond(request, writer, 200, Json::Object{{"success", true}});
    };
  };
  add("GET", "/config/datasources", [](AutoCompaction& all, const Request& request, ResponseWriter& writer) {
    respond(request, writer, 200, Json::Object{{"compactionConfigs", all.config().configs_json()}});
  });
  add("GET", "/config/cluster", [](AutoCompaction& all, const Request& request, ResponseWriter& writer) {
    respond(request, writer, 200, all.config().cluster_json());
  });
  add("POST", "/config/cluster", post_cluster);
  add("GET", "/config/datasources/{dataSource}", get_one);
  add("POST", "/config/datasources/{dataSource}", then_success(set_config));
  add("DELETE", "/config/datasources/{dataSource}", then_success(remove_config));
  add("GET", "/config/datasources/{dataSource}/history",
      [](AutoCompaction& all, const Request& request, ResponseWriter& writer) {
        const Json entries = all.history(request.path_values[0], history_range_of(request));
        respond(request, writer, 200, Json::Object{{"entries", entries}});
      });
  add("GET", "/isSupervisorEnabled", [](AutoCompaction&, const Request& request, ResponseWriter& writer) {
    respond(request, writer, 200, Json(false));
  });
  add("GET", "/status/datasources", get_status);
  add("GET", "/status/datasources/{dataSource}", get_status);
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
  const auto then_nothing = [](auto change) {
    return [change](AutoCompaction& all, const Request& request, ResponseWriter& writer) {
      change(all, request);
      writer.respond(200, kJsonType, "");
    };
  };
  add("POST", "/config/compaction", then_nothing(set_config));
  add("POST", "/config/compaction/cluster", post_cluster);
  add("POST", "/config/compaction/taskslots", post_task_slots);
  add("GET", "/config/compaction/{dataSource}", get_one);
  add("DELETE", "/config/compaction/{dataSource}", then_nothing(remove_config));
  add("GET", "/config/compaction/{dataSource}/history", get_history);
  add_overlord_routes(router, compaction);
  add("GET", "/compaction/status", get_status);
  add("GET", "/compaction/progress", get_progress);
  add("POST", "/compaction/compact", [](AutoCompaction& all, const Request&, ResponseWriter& writer) {
    all.run_once();
    writer.respond(200, kJsonType, "");
  });
}

}  // namespace sarsen::server
