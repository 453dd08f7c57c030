#include "ingest/supervisor/supervisor_spec.h"

#include <unistd.h>

#include <algorithm>

#include "engine/text/java_pattern.h"
#include "ingest/row/index_spec_json.h"
#include "ingest/row/period_field.h"
#include "ingest/supervisor/bounded_number.h"
#include "ingest/tasks/lock_context.h"
#include "storage/base/error.h"
#include "storage/base/interval.h"

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kOffsetFetchPeriodMinMs = 5'000;
/// In Druid a sixth of the heap.
constexpr std::size_t kMemoryShare = 6;

[[noreturn]] void not_built(const JsonField& json, const std::string& what) {
  throw Error(ErrorCategory::kUnsupported, json.path() + ": " + what);
}

void read_topic(const JsonField& json, SupervisorIo& io) {
  const auto topic = json["topic"].optional_string();
  const auto pattern = json["topicPattern"].optional_string();
  if (topic && pattern)
    json.fail("Only one of topic [" + *topic + "] or topicPattern [" + *pattern + "] must be specified");
  if (!topic && !pattern) json.fail("Either topic or topicPattern must be specified");
  io.pattern = pattern.has_value();
  io.stream = pattern ? *pattern : *topic;
  if (io.stream.empty()) json[io.pattern ? "topicPattern" : "topic"].fail("it must not be empty");
  if (!io.pattern) return;
  try {
    const engine::JavaPattern checked(io.stream);
  } catch (const Error& error) {
    json["topicPattern"].fail(error.what());
  }
}

void read_rejection(const JsonField& json, SupervisorIo& io) {
  io.late_rejection_ms = optional_period_ms(json["lateMessageRejectionPeriod"]);
  io.early_rejection_ms = optional_period_ms(json["earlyMessageRejectionPeriod"]);
  const JsonField start = json["lateMessageRejectionStartDateTime"];
  if (start.present()) io.late_rejection_start_ms = parse_iso(start.string());
  if (io.late_rejection_ms && io.late_rejection_start_ms)
    json.fail(
        "SeekableStreamSupervisorIOConfig does not support both properties lateMessageRejectionStartDateTime and "
        "lateMessageRejectionPeriod.");
}

void read_idle(const JsonField& json, SupervisorIo& io) {
  if (!json.present()) return;
  io.idle_enabled = json["enabled"].boolean_or(false);
  io.inactive_after_ms = number_in(json["inactiveAfterMillis"], io.inactive_after_ms, 1, INT64_MAX);
}

void read_task_count(const JsonField& json, SupervisorIo& io) {
  std::optional<std::uint32_t> count;
  if (json.present()) count = count_in(json, 1, 1);
  if (io.auto_scaler) count = io.auto_scaler->first_task_count(count);
  io.task_count_is_open = io.auto_scaler && !count;
  io.task_count = count.value_or(io.auto_scaler ? io.auto_scaler->task_count_min : 1);
}

void refuse_not_built(const JsonField& json) {
  if (json["configOverrides"].present()) not_built(json["configOverrides"], "it is not supported");
}

SupervisorIo parse_io(const JsonField& json, const std::optional<InputFormat>& of_parser) {
  if (!json.present()) json.fail("missing");
  if (const std::string type = json["type"].string_or("kafka"); type != "kafka")
    json["type"].fail("kafka is wanted, not " + type);
  SupervisorIo io;
  read_topic(json, io);
  io.input_format = json["inputFormat"].present() || !of_parser ? KafkaInputFormat::parse(json["inputFormat"])
                                                                : KafkaInputFormat{.value = *of_parser};
  if (!json["consumerProperties"].present()) json["consumerProperties"].fail("missing");
  io.consumer_properties = parse_consumer_properties(json["consumerProperties"]);
  io.auto_scaler = AutoScalerConfig::parse(json["autoScalerConfig"]);
  read_task_count(json["taskCount"], io);
  io.replicas = count_in(json["replicas"], 1, 1);
  io.task_duration_ms = period_ms_or(json["taskDuration"], io.task_duration_ms);
  io.start_delay_ms = period_ms_or(json["startDelay"], io.start_delay_ms);
  io.period_ms = std::max<std::int64_t>(1, period_ms_or(json["period"], io.period_ms));
  io.completion_timeout_ms = period_ms_or(json["completionTimeout"], io.completion_timeout_ms);
  io.use_earliest_offset = json["useEarliestOffset"].boolean_or(false);
  number_in(json["pollTimeout"], 100, 0, INT64_MAX);  // messages are taken as they come
  if (json["stopTaskCount"].present()) io.stop_task_count = count_in(json["stopTaskCount"], 1, 1);
  json["emitTimeLagMetrics"].boolean_or(false);
  read_rejection(json, io);
  read_idle(json["idleConfig"], io);
  refuse_not_built(json);
  return io;
}

std::size_t bytes_in_memory(const JsonField& json) {
  const std::int64_t given = json.integer_or(0);
  if (given < 0) return 0;
  if (given > 0) return static_cast<std::size_t>(given);
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page_bytes = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page_bytes <= 0) return 0;
  return static_cast<std::size_t>(pages) * static_cast<std::size_t>(page_bytes) / kMemoryShare;
}

void read_parse_exceptions(const JsonField& json, SupervisorTuning& tuning) {
  tuning.log_parse_exceptions = json["logParseExceptions"].boolean_or(false);
  const bool report = json["reportParseExceptions"].boolean_or(false);
  const std::int64_t exceptions_max = number_in(json["maxParseExceptions"], INT32_MAX, 0, INT32_MAX);
  const std::int64_t saved_max = number_in(json["maxSavedParseExceptions"], 0, 0, INT32_MAX);
  tuning.parse_exceptions_max = report ? 0 : static_cast<std::uint64_t>(exceptions_max);
  tuning.saved_parse_exceptions_max =
      static_cast<std::size_t>(report ? std::min<std::int64_t>(1, saved_max) : saved_max);
}

/// Fields that are about Druid's own processes and memory: read, so that a wrong type is noticed.
void check_fields_without_effect(const JsonField& json) {
  for (const char* name : {"workerThreads", "chatRetries", "numPersistThreads", "maxColumnsToMerge"})
    json[name].integer_or(0);
  for (const char* name : {"skipBytesInMemoryOverheadCheck", "skipSequenceNumberAvailabilityCheck",
                           "releaseLocksOnHandoff", "buildV9Directly"})
    json[name].boolean_or(false);
  for (const char* name : {"httpTimeout", "shutdownTimeout"}) optional_period_ms(json[name]);
}

SupervisorTuning parse_tuning(const JsonField& json) {
  SupervisorTuning tuning;
  if (const std::string type = json.present() ? json["type"].string_or("kafka") : "kafka"; type != "kafka")
    json["type"].fail("kafka is wanted, not " + type);
  tuning.rows_in_memory_max = count_in(json["maxRowsInMemory"], tuning.rows_in_memory_max, 1);
  tuning.bytes_in_memory_max = bytes_in_memory(json["maxBytesInMemory"]);
  tuning.rows_per_segment_max =
      static_cast<std::uint64_t>(number_in(json["maxRowsPerSegment"], 5'000'000, 1, INT32_MAX));
  tuning.total_rows_max = static_cast<std::uint64_t>(number_in(json["maxTotalRows"], 20'000'000, 1, INT64_MAX));
  tuning.intermediate_persist_period_ms =
      period_ms_or(json["intermediatePersistPeriod"], tuning.intermediate_persist_period_ms);
  tuning.intermediate_hand_off_period_ms = optional_period_ms(json["intermediateHandoffPeriod"]);
  tuning.pending_persists_max = count_in(json["maxPendingPersists"], 0, 0);
  tuning.hand_off_timeout_ms = number_in(json["handoffConditionTimeout"], tuning.hand_off_timeout_ms, 0, INT64_MAX);
  tuning.offset_fetch_period_ms =
      std::max(kOffsetFetchPeriodMinMs, period_ms_or(json["offsetFetchPeriod"], tuning.offset_fetch_period_ms));
  tuning.reset_offset_automatically = json["resetOffsetAutomatically"].boolean_or(false);
  read_parse_exceptions(json, tuning);
  tuning.index_spec = parse_index_spec(json["indexSpec"]);
  tuning.index_spec_for_persists = json["indexSpecForIntermediatePersists"].present()
                                       ? parse_index_spec(json["indexSpecForIntermediatePersists"])
                                       : tuning.index_spec;
  check_fields_without_effect(json);
  return tuning;
}

void read_context(const JsonField& json, SupervisorSpec& spec) {
  spec.lock_type = append_lock_type(json, TaskLockType::kExclusive);
  if (json.present())
    spec.priority = static_cast<int>(number_in(json["priority"], spec.priority, INT32_MIN, INT32_MAX));
}

void check_type(const JsonField& json) {
  if (!json.json().is_object()) json.fail("an object is wanted");
  const std::string type = json["type"].string();
  if (type == "kafka") return;
  for (const char* other : {"kinesis", "rabbit", "materialized_view", "scheduled_batch"})
    if (type == other)
      not_built(json["type"], "supervisors of this type are not supported (kafka and autocompact are): " + type);
  json["type"].fail("unknown supervisor: " + type + suggestion(type, {"kafka", "autocompact"}));
}

Json or_null(const JsonField& json) { return json.present() ? json.json() : Json(); }

/// As Druid writes it: the parts under "spec", and once more beside it.
Json canonical(const JsonField& parts, const Json& context, bool suspended) {
  const Json schema = or_null(parts["dataSchema"]);
  const Json io = or_null(parts["ioConfig"]);
  const Json tuning = parts["tuningConfig"].present() ? parts["tuningConfig"].json() : Json::Object{{"type", "kafka"}};
  return Json::Object{{"type", "kafka"},
                      {"spec", Json::Object{{"dataSchema", schema}, {"ioConfig", io}, {"tuningConfig", tuning}}},
                      {"dataSchema", schema},
                      {"tuningConfig", tuning},
                      {"ioConfig", io},
                      {"context", context},
                      {"suspended", suspended}};
}

/// `parts` with this ioConfig.taskCount.
Json with_count(const Json& parts, std::uint32_t task_count) {
  Json::Object changed = parts.object();
  for (auto& [name, part] : changed) {
    if (name != "ioConfig") continue;
    Json::Object io = part.object();
    std::erase_if(io, [](const auto& field) { return field.first == "taskCount"; });
    io.emplace_back("taskCount", static_cast<std::int64_t>(task_count));
    part = Json(std::move(io));
  }
  return Json(std::move(changed));
}

std::shared_ptr<const DataSchema> parse_schema(const JsonField& json) {
  return std::make_shared<const DataSchema>(DataSchema::parse(json));
}

}  // namespace

std::shared_ptr<const SupervisorSpec> SupervisorSpec::parse(const Json& json) {
  const JsonField root(json);
  check_type(root);
  const JsonField parts = root["spec"].present() ? root["spec"] : root;
  auto spec = std::make_shared<SupervisorSpec>();
  spec->schema = parse_schema(parts["dataSchema"]);
  spec->id = spec->schema->data_source;
  spec->io = parse_io(parts["ioConfig"], spec->schema->input_format);
  spec->tuning = parse_tuning(parts["tuningConfig"]);
  spec->suspended = root["suspended"].boolean_or(false);
  spec->context = or_null(root["context"]);
  read_context(root["context"], *spec);
  spec->json = canonical(parts, spec->context, spec->suspended);
  return spec->io.auto_scaler ? spec->with_task_count(spec->io.task_count) : spec;
}

std::shared_ptr<const SupervisorSpec> SupervisorSpec::with_task_count(std::uint32_t task_count) const {
  auto spec = std::make_shared<SupervisorSpec>(*this);
  spec->io.task_count = task_count;
  const Json parts = with_count(json, task_count);
  spec->json = canonical(JsonField(parts), context, suspended);
  return spec;
}

std::shared_ptr<const SupervisorSpec> SupervisorSpec::with_suspended(bool now_suspended) const {
  auto spec = std::make_shared<SupervisorSpec>(*this);
  spec->suspended = now_suspended;
  spec->json = canonical(JsonField(json), context, now_suspended);
  return spec;
}

}  // namespace sarsen::ingest
