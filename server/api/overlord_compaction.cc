#include "server/api/overlord_compaction.h"

#include <algorithm>
#include <string>
#include <utility>

#include "server/api/audit.h"
#include "server/api/compaction_answers.h"
#include "server/api/compaction_settings.h"
#include "server/api/json_answer.h"
#include "storage/base/error.h"
#include "storage/base/interval.h"

namespace sarsen::server {
namespace {

using ingest::CompactionConfig;
using ingest::CompactionSupervisorSpec;
using ingest::DataSourceCompaction;

struct Compaction {
  ingest::AutoCompaction& coordinator;
  ingest::CompactionSupervisors& supervisors;
};

[[noreturn]] void refuse_unknown_supervisor(const std::string& data_source) {
  throw Error(ErrorCategory::kNotFound, "Compaction supervisor for datasource[" + data_source + "] does not exist");
}

void respond_success(const Request& request, ResponseWriter& writer) {
  respond(request, writer, 200, Json::Object{{"success", true}});
}

void post_cluster(const Compaction& compaction, const Request& request, ResponseWriter& writer) {
  set_compaction_cluster(compaction.coordinator, request);
  respond_success(request, writer);
}

void get_cluster(const Compaction& compaction, const Request& request, ResponseWriter& writer) {
  respond(request, writer, 200, compaction.coordinator.config().cluster_json());
}

void get_configs(const Compaction& compaction, const Request& request, ResponseWriter& writer) {
  const CompactionConfig config = compaction.coordinator.config();
  Json::Array supervised;
  for (const CompactionSupervisorSpec& spec : compaction.supervisors.all()) supervised.push_back(spec.compaction.json);
  const Json configs = config.use_supervisors ? Json(std::move(supervised)) : config.configs_json();
  respond(request, writer, 200, Json::Object{{"compactionConfigs", configs}});
}

void get_config(const Compaction& compaction, const Request& request, ResponseWriter& writer) {
  const std::string& data_source = request.path_values[0];
  if (!compaction.supervisors.is_enabled())
    return respond(request, writer, 200, compaction_of(compaction.coordinator, data_source).json);
  const auto spec = compaction.supervisors.find(CompactionSupervisorSpec::id_of(data_source));
  if (!spec) refuse_unknown_supervisor(data_source);
  respond(request, writer, 200, spec->compaction.json);
}

void post_config(const Compaction& compaction, const Request& request, ResponseWriter& writer) {
  if (compaction.supervisors.is_enabled())
    compaction.supervisors.post({.compaction = posted_compaction(request)}, audit_info_of(request));
  else
    set_compaction(compaction.coordinator, request);
  respond_success(request, writer);
}

void delete_config(const Compaction& compaction, const Request& request, ResponseWriter& writer) {
  const std::string& data_source = request.path_values[0];
  if (!compaction.supervisors.is_enabled())
    remove_compaction(compaction.coordinator, request);
  else if (!compaction.supervisors.terminate(CompactionSupervisorSpec::id_of(data_source)))
    refuse_unknown_supervisor(data_source);
  respond_success(request, writer);
}

/// Of a supervisor: who changed it is not kept, as in Druid.
Json history_of(const ingest::CompactionSupervisors& supervisors, const std::string& data_source,
                const ingest::HistoryRange& range) {
  Json::Array entries;
  for (const ingest::SupervisorVersion& version : supervisors.history(data_source)) {
    if (range.count_max && entries.size() >= *range.count_max) break;
    if (range.interval && !range.interval->contains(parse_iso(version.version))) continue;
    entries.push_back(Json::Object{{"globalConfig", Json()},
                                   {"compactionConfig", *version.spec.find("spec")},
                                   {"auditInfo", Json()},
                                   {"auditTime", version.version}});
  }
  return Json(std::move(entries));
}

void get_history(const Compaction& compaction, const Request& request, ResponseWriter& writer) {
  const std::string& data_source = request.path_values[0];
  const ingest::HistoryRange range = history_range_of(request);
  const Json entries = compaction.supervisors.is_enabled() ? history_of(compaction.supervisors, data_source, range)
                                                           : compaction.coordinator.history(data_source, range);
  respond(request, writer, 200, Json::Object{{"entries", entries}});
}

/// Supervised data sources that have segments; of the coordinator's all.
void get_statuses(const Compaction& compaction, const Request& request, ResponseWriter& writer) {
  const CompactionConfig config = compaction.coordinator.config();
  Json::Array statuses;
  if (config.use_supervisors) {
    for (const CompactionSupervisorSpec& spec : compaction.supervisors.all()) {
      Json status = supervised_snapshot(compaction.supervisors, spec.compaction.data_source);
      if (status.find("scheduleStatus")->string() == "RUNNING") statuses.push_back(std::move(status));
    }
  } else {
    for (const DataSourceCompaction& one : config.data_sources)
      statuses.push_back(
          compaction_snapshot(one.data_source, "RUNNING", compaction.coordinator.progress(one, config.policy)));
  }
  respond(request, writer, 200, Json::Object{{"latestStatus", Json(std::move(statuses))}});
}

void get_status(const Compaction& compaction, const Request& request, ResponseWriter& writer) {
  const std::string& data_source = request.path_values[0];
  const CompactionConfig config = compaction.coordinator.config();
  if (config.use_supervisors)
    return respond(request, writer, 200, supervised_snapshot(compaction.supervisors, data_source));
  const DataSourceCompaction* found = config.find(data_source);
  if (found == nullptr) throw Error(ErrorCategory::kNotFound, "Unknown DataSource");
  respond(request, writer, 200,
          compaction_snapshot(data_source, "RUNNING", compaction.coordinator.progress(*found, config.policy)));
}

void get_is_enabled(const Compaction& compaction, const Request& request, ResponseWriter& writer) {
  respond(request, writer, 200, Json(compaction.supervisors.is_enabled()));
}

/// Nothing where supervisors do nothing.
void post_simulate(const Compaction& compaction, const Request& request, ResponseWriter& writer) {
  CompactionConfig config = with_posted_cluster(compaction.coordinator, request);
  config.data_sources.clear();
  if (compaction.supervisors.is_running()) config.data_sources = compaction.supervisors.active().data_sources;
  respond(request, writer, 200, simulated_compaction(compaction.coordinator, config));
}

}  // namespace

void add_overlord_compaction_routes(Router& router, ingest::AutoCompaction& coordinator,
                                    ingest::CompactionSupervisors& supervisors) {
  const Compaction compaction{coordinator, supervisors};
  const auto add = [&](const char* method, const std::string& path, auto answer) {
    router.add(method, "/druid/indexer/v1/compaction" + path, Execution::kPooled,
               checked_structured([compaction, answer](const Request& request, ResponseWriter& writer) {
                 answer(compaction, request, writer);
               }));
  };
  add("GET", "/config/cluster", get_cluster);
  add("POST", "/config/cluster", post_cluster);
  add("GET", "/config/datasources", get_configs);
  add("GET", "/config/datasources/{dataSource}", get_config);
  add("POST", "/config/datasources/{dataSource}", post_config);
  add("DELETE", "/config/datasources/{dataSource}", delete_config);
  add("GET", "/config/datasources/{dataSource}/history", get_history);
  add("GET", "/status/datasources", get_statuses);
  add("GET", "/status/datasources/{dataSource}", get_status);
  add("GET", "/isSupervisorEnabled", get_is_enabled);
  add("POST", "/simulate", post_simulate);
}

}  // namespace sarsen::server
