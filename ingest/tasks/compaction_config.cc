#include "ingest/tasks/compaction_config.h"

#include <algorithm>
#include <cmath>

#include "ingest/realtime/clock.h"
#include "ingest/tasks/compact_spec.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kInputBytesMax = 100'000'000'000'000;  // Druid's default
constexpr std::int64_t kTaskPriority = 25;

Json given(const JsonField& json, const char* name) { return json[name].present() ? json[name].json() : Json(); }

/// maxRowsPerSegment beside the tuningConfig is the form of old.
Json tuning_config(const Json& config) {
  const JsonField json(config);
  Json::Object tuning;
  for (const auto& [key, value] : json["tuningConfig"].members())
    if (value.present()) tuning.emplace_back(key, value.json());
  const bool named = json["tuningConfig"].present() && json["tuningConfig"]["partitionsSpec"].present();
  if (json["maxRowsPerSegment"].present() && !named)
    tuning.emplace_back("partitionsSpec",
                        Json::Object{{"type", "dynamic"}, {"maxRowsPerSegment", json["maxRowsPerSegment"].json()}});
  std::erase_if(tuning, [](const auto& member) { return member.first == "type"; });
  if (json["metricsSpec"].present() &&
      std::ranges::count(tuning, "appendableIndexSpec", &Json::Object::value_type::first) == 0)
    tuning.emplace_back("appendableIndexSpec", Json::Object{{"type", "onheap"}, {"preserveExistingMetrics", true}});
  if (named && json["tuningConfig"]["partitionsSpec"]["type"].string_or("dynamic") != "dynamic") {
    std::erase_if(tuning, [](const auto& member) { return member.first == "forceGuaranteedRollup"; });
    tuning.emplace_back("forceGuaranteedRollup", true);  // as Druid's coordinator
  }
  tuning.insert(tuning.begin(), {"type", "index_parallel"});
  return tuning;
}

/// What it says of the priority and of the state that is stored does not count, as in Druid.
Json context_of(const Json& config, const std::string& reason) {
  const JsonField json(config);
  Json::Object context{{"priority", json["taskPriority"].json()}, {"storeCompactionState", true}};
  if (!reason.empty()) context.emplace_back("compactionReason", reason);
  for (const auto& [key, value] : json["taskContext"].members())
    if (std::none_of(context.begin(), context.end(), [&name = key](const auto& own) { return own.first == name; }))
      context.emplace_back(key, value.present() ? value.json() : Json());
  return context;
}

}  // namespace

DataSourceCompaction DataSourceCompaction::parse(const JsonField& json) {
  DataSourceCompaction compaction;
  compaction.data_source = json["dataSource"].string();
  compaction.input_segment_bytes_max = json["inputSegmentSizeBytes"].integer_or(kInputBytesMax);
  const std::string skip_offset = json["skipOffsetFromLatest"].string_or("P1D");
  compaction.skip_offset = Period::parse(skip_offset);
  if (const std::string type = json["type"].string_or("inline"); type == "catalog")
    throw Error(ErrorCategory::kUnsupported, json["type"].path() + ": not supported yet (inline is): " + type);
  else if (type != "inline")
    json["type"].fail("unknown type: " + type + suggestion(type, {"inline"}));
  const std::string engine = json["engine"].string_or("native");
  if (engine != "native")
    throw Error(ErrorCategory::kUnsupported, json["engine"].path() + ": not supported yet (native is): " + engine);
  if (json["projections"].present() && !json["projections"].elements().empty())
    throw Error(ErrorCategory::kUnsupported, json["projections"].path() + ": not supported yet");
  compaction.json = Json::Object{{"type", "inline"},
                                 {"dataSource", compaction.data_source},
                                 {"taskPriority", json["taskPriority"].integer_or(kTaskPriority)},
                                 {"inputSegmentSizeBytes", compaction.input_segment_bytes_max},
                                 {"maxRowsPerSegment", given(json, "maxRowsPerSegment")},
                                 {"skipOffsetFromLatest", skip_offset},
                                 {"tuningConfig", given(json, "tuningConfig")},
                                 {"granularitySpec", given(json, "granularitySpec")},
                                 {"dimensionsSpec", given(json, "dimensionsSpec")},
                                 {"metricsSpec", given(json, "metricsSpec")},
                                 {"transformSpec", given(json, "transformSpec")},
                                 {"projections", given(json, "projections")},
                                 {"ioConfig", given(json, "ioConfig")},
                                 {"engine", given(json, "engine")},
                                 {"taskContext", given(json, "taskContext")}};
  const Json task = compaction.task({0, 1}, "");
  CompactSpec::parse(JsonField(task));
  return compaction;
}

Json DataSourceCompaction::task(const Interval& interval, const std::string& id, const std::string& reason) const {
  const JsonField config(json);
  const bool drop = config["ioConfig"].present() && config["ioConfig"]["dropExisting"].boolean_or(false);
  Json::Object task{
      {"type", "compact"},
      {"dataSource", data_source},
      {"ioConfig", Json::Object{{"type", "compact"},
                                {"inputSpec", Json::Object{{"type", "interval"}, {"interval", format_iso(interval)}}},
                                {"allowNonAlignedInterval", true},
                                {"dropExisting", drop}}},
      {"tuningConfig", tuning_config(json)}};
  for (const char* part : {"granularitySpec", "dimensionsSpec", "metricsSpec", "transformSpec"})
    if (config[part].present()) task.emplace_back(part, config[part].json());
  task.emplace_back("context", context_of(json, reason));
  if (!id.empty()) task.emplace_back("id", id);
  return task;
}

CompactionConfig CompactionConfig::parse(const std::optional<Json>& json) {
  CompactionConfig config;
  if (!json || json->is_null()) return config;
  const JsonField field(*json);
  for (const JsonField& one : field["compactionConfigs"].elements()) config.set(DataSourceCompaction::parse(one));
  config.set_cluster(field);
  return config;
}

void CompactionConfig::set_cluster(const JsonField& json) {
  const CompactionConfig defaults;
  policy = CompactionPolicy::parse(json["compactionPolicy"]);
  use_supervisors = json["useSupervisors"].boolean_or(false);
  const JsonField ratio = json["compactionTaskSlotRatio"];
  task_slot_ratio = ratio.present() ? ratio.number() : defaults.task_slot_ratio;
  task_slots_max = json["maxCompactionTaskSlots"].integer_or(defaults.task_slots_max);
}

void check_compaction_cluster(const JsonField& json) {
  CompactionConfig checked;
  checked.set_cluster(json);
  const std::string engine = json["engine"].string_or("native");
  if (engine == "native") return;
  if (engine != "msq") json["engine"].fail("unknown engine: " + engine + "; use native");
  if (!checked.use_supervisors)
    json["engine"].fail("MSQ Compaction engine can be used only with compaction supervisors.");
  throw Error(ErrorCategory::kUnsupported, json["engine"].path() + ": not supported yet (native is): " + engine);
}

Json CompactionConfig::cluster_json() const {
  return Json::Object{{"compactionTaskSlotRatio", task_slot_ratio},
                      {"maxCompactionTaskSlots", task_slots_max},
                      {"compactionPolicy", policy.to_json()},
                      {"useSupervisors", use_supervisors},
                      {"engine", "native"}};
}

Json CompactionConfig::configs_json() const {
  Json::Array configs;
  for (const DataSourceCompaction& one : data_sources) configs.push_back(one.json);
  return configs;
}

Json CompactionConfig::to_json() const {
  Json::Object all{{"compactionConfigs", configs_json()}};
  const Json cluster = cluster_json();
  for (const auto& [name, value] : cluster.object()) all.emplace_back(name, value);
  return all;
}

const DataSourceCompaction* CompactionConfig::find(const std::string& data_source) const {
  const auto found = std::find_if(data_sources.begin(), data_sources.end(),
                                  [&](const DataSourceCompaction& one) { return one.data_source == data_source; });
  return found == data_sources.end() ? nullptr : &*found;
}

void CompactionConfig::set(DataSourceCompaction compaction) {
  remove(compaction.data_source);
  data_sources.push_back(std::move(compaction));
}

bool CompactionConfig::remove(const std::string& data_source) {
  return std::erase_if(data_sources, [&](const DataSourceCompaction& one) { return one.data_source == data_source; }) >
         0;
}

std::size_t CompactionConfig::task_slots(std::size_t workers) const {
  if (task_slots_max <= 0) return 0;
  const double share = std::floor(static_cast<double>(workers) * task_slot_ratio);
  const double slots = std::min(std::max(share, 1.0), static_cast<double>(task_slots_max));
  return std::min(static_cast<std::size_t>(slots), workers);
}

}  // namespace sarsen::ingest
