#include "server/api/compaction.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

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

/// Where the path names a data source, too, it is the same.
void set_config(AutoCompaction& compaction, const Request& request) {
  const Json body = Json::parse(request.body);
  const DataSourceCompaction parsed = DataSourceCompaction::parse(JsonField(body));
  if (!request.path_values.empty() && parsed.data_source != request.path_values[0])
    throw Error(ErrorCategory::kInvalidInput, "DataSource in spec[" + parsed.data_source +
                                                  "] does not match DataSource in path[" + request.path_values[0] +
                                                  "]");
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

void get_status(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const std::string wanted(request.parameter("dataSource").value_or(""));
  Json::Array statuses;
  for (const DataSourceCompaction& config : compaction.config().data_sources)
    if (wanted.empty() || wanted == config.data_source) statuses.push_back(status_of(compaction, config));
  if (!wanted.empty() && statuses.empty()) throw Error(ErrorCategory::kNotFound, "Unknown DataSource");
  respond(request, writer, 200, Json::Object{{"latestStatus", Json(std::move(statuses))}});
}

/// The overlord's answer for one data source is not in a list.
void get_one_status(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const CompactionConfig config = compaction.config();
  const DataSourceCompaction* found = config.find(request.path_values[0]);
  if (found == nullptr) throw Error(ErrorCategory::kNotFound, "Unknown DataSource");
  respond(request, writer, 200, status_of(compaction, *found));
}

/// Druid's table of candidates: which columns there are depends on what becomes of them.
class CandidateTable {
 public:
  explicit CandidateTable(std::vector<const char*> more) {
    for (const char* name : {"dataSource", "interval", "numSegments", "bytes"}) columns_.emplace_back(name);
    for (const char* name : more) columns_.emplace_back(name);
  }

  void add(const std::string& data_source, const CompactionProgress::Candidate& candidate, const Json::Array& more) {
    Json::Array row{data_source, format_iso(candidate.interval), candidate.segments, candidate.bytes};
    row.insert(row.end(), more.begin(), more.end());
    rows_.emplace_back(std::move(row));
  }

  void append_to(Json::Object& states, const char* state) const {
    if (!rows_.empty()) states.emplace_back(state, Json::Object{{"columnNames", columns_}, {"rows", rows_}});
  }

 private:
  Json::Array columns_;
  Json::Array rows_;
};

/// What a run would do that had task slots enough.
void post_simulate(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const Json body = Json::parse(request.body);
  ingest::check_compaction_cluster(JsonField(body));
  CandidateTable done({}), waiting({"maxTaskSlots", "reasonToCompact"}), left_alone({"reasonToSkip"});
  for (const DataSourceCompaction& config : compaction.config().data_sources) {
    const CompactionProgress progress = compaction.progress(config);
    for (const auto& one : progress.done) done.add(config.data_source, one, {});
    for (const auto& one : progress.waiting) waiting.add(config.data_source, one, {1, one.reason});
    for (const auto& one : progress.left_alone) left_alone.add(config.data_source, one, {one.reason});
  }
  Json::Object states;
  done.append_to(states, "COMPLETE");
  waiting.append_to(states, "PENDING");
  left_alone.append_to(states, "SKIPPED");
  respond(request, writer, 200, Json::Object{{"compactionStates", Json(std::move(states))}});
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
  add("GET", "/status/datasources/{dataSource}", get_one_status);
  // Without supervisors the overlord plans nothing.
  add("POST", "/simulate", [](AutoCompaction&, const Request& request, ResponseWriter& writer) {
    respond(request, writer, 200, Json::Object{{"compactionStates", Json::Object()}});
  });
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
  add("POST", "/compaction/simulate", post_simulate);
  add("POST", "/compaction/compact", [](AutoCompaction& all, const Request&, ResponseWriter& writer) {
    all.run_once();
    writer.respond(200, kJsonType, "");
  });
}

}  // namespace sarsen::server
