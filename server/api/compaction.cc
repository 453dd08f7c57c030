#include "server/api/compaction.h"

#include <string>
#include <utility>

#include "server/api/audit.h"
#include "server/api/compaction_answers.h"
#include "server/api/compaction_settings.h"
#include "server/api/json_answer.h"
#include "server/api/parameters.h"
#include "storage/base/error.h"

namespace sarsen::server {
namespace {

using ingest::AutoCompaction;
using ingest::CompactionConfig;
using ingest::DataSourceCompaction;

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
  respond(request, writer, 200, compaction_of(compaction, request.path_values[0]).json);
}

void get_status(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const std::string wanted(request.parameter("dataSource").value_or(""));
  const CompactionConfig config = compaction.config();
  Json::Array statuses;
  for (const DataSourceCompaction& one : config.data_sources)
    if (wanted.empty() || wanted == one.data_source)
      statuses.push_back(compaction_snapshot(one.data_source, "RUNNING", compaction.progress(one, config.policy)));
  if (!wanted.empty() && statuses.empty()) throw Error(ErrorCategory::kNotFound, "Unknown DataSource");
  respond(request, writer, 200, Json::Object{{"latestStatus", Json(std::move(statuses))}});
}

void get_progress(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  const std::string wanted(request.parameter("dataSource").value_or(""));
  if (wanted.empty()) throw Error(ErrorCategory::kInvalidInput, "No DataSource specified");
  const CompactionConfig config = compaction.config();
  const DataSourceCompaction* found = config.find(wanted);
  if (found == nullptr) throw Error(ErrorCategory::kNotFound, "Unknown DataSource");
  respond(request, writer, 200,
          Json::Object{{"remainingSegmentSize", compaction.progress(*found, config.policy).awaiting.bytes}});
}

void post_cluster(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  set_compaction_cluster(compaction, request);
  respond(request, writer, 200, Json::Object{{"success", true}});
}

void post_simulate(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  respond(request, writer, 200, simulated_compaction(compaction, with_posted_cluster(compaction, request)));
}

void get_history(AutoCompaction& compaction, const Request& request, ResponseWriter& writer) {
  respond(request, writer, 200, compaction.history(request.path_values[0], history_range_of(request)));
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
  add("POST", "/config/compaction", then_nothing(set_compaction));
  add("POST", "/config/compaction/cluster", post_cluster);
  add("POST", "/config/compaction/taskslots", post_task_slots);
  add("GET", "/config/compaction/{dataSource}", get_one);
  add("DELETE", "/config/compaction/{dataSource}", then_nothing(remove_compaction));
  add("GET", "/config/compaction/{dataSource}/history", get_history);
  add("GET", "/compaction/status", get_status);
  add("GET", "/compaction/progress", get_progress);
  add("POST", "/compaction/simulate", post_simulate);
  add("POST", "/compaction/compact", [](AutoCompaction& all, const Request&, ResponseWriter& writer) {
    all.run_once();
    writer.respond(200, kJsonType, "");
  });
}

}  // namespace sarsen::server
