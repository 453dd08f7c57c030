#include "ingest/batch/index_tuning.h"

#include <algorithm>
#include <string>
#include <vector>

#include "ingest/row/index_spec_json.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

const std::vector<std::string> kTaskTypes = {"index",          "index_parallel", "compact", "kill",    "index_kafka",
                                             "index_realtime", "index_hadoop",   "archive", "restore", "move"};
constexpr std::uint64_t kSavedExceptionsMax = 10'000;

/// Fields that matter to Druid's heap and sub-tasks: read, so that a wrong type is noticed, and without effect here.
void check_fields_without_effect(const JsonField& json) {
  for (const char* name :
       {"maxNumConcurrentSubTasks", "maxRetry", "taskStatusCheckPeriodMs", "totalNumMergeTasks",
        "maxNumSegmentsToMerge", "chatHandlerNumRetries", "maxColumnsToMerge", "pushTimeout", "maxPendingPersists"})
    json[name].integer_or(0);
  json["skipBytesInMemoryOverheadCheck"].boolean_or(false);
}

}  // namespace

void check_index_type(const JsonField& json, bool required) {
  if (!required && !json.present()) return;
  const std::string type = json.string();
  if (type == "index" || type == "index_parallel") return;
  if (std::find(kTaskTypes.begin(), kTaskTypes.end(), type) == kTaskTypes.end())
    json.fail("unknown type: " + type + suggestion(type, kTaskTypes));
  throw Error(ErrorCategory::kUnsupported, json.path() + ": not supported yet (index and index_parallel are): " + type);
}

IndexTuning IndexTuning::parse(const JsonField& json) {
  IndexTuning tuning;
  if (!json.present()) return tuning;
  check_index_type(json["type"], false);
  tuning.partitions = PartitionsSpec::parse(json);
  const auto rows = parse_row_count(json["maxRowsInMemory"]);
  if (rows == 0) json["maxRowsInMemory"].fail("it must be greater than 0");
  tuning.rows_in_memory_max = rows.value_or(tuning.rows_in_memory_max);
  const std::int64_t bytes = json["maxBytesInMemory"].integer_or(0);
  if (bytes != 0) tuning.bytes_in_memory_max = bytes < 0 ? 0 : static_cast<std::uint64_t>(bytes);
  tuning.index_spec = parse_index_spec(json["indexSpec"]);
  if (const JsonField spec = json["indexSpecForIntermediatePersists"]; spec.present())
    tuning.intermediate_index_spec = parse_index_spec(spec);
  tuning.parse_exceptions_max = parse_row_count(json["maxParseExceptions"]).value_or(tuning.parse_exceptions_max);
  if (json["reportParseExceptions"].boolean_or(false)) tuning.parse_exceptions_max = 0;
  tuning.saved_parse_exceptions_max = std::min<std::uint64_t>(
      parse_row_count(json["maxSavedParseExceptions"]).value_or(tuning.saved_parse_exceptions_max),
      kSavedExceptionsMax);
  tuning.log_parse_exceptions = json["logParseExceptions"].boolean_or(false);
  check_fields_without_effect(json);
  tuning.awaits_availability = json["awaitSegmentAvailabilityTimeoutMillis"].integer_or(0) > 0;
  return tuning;
}

}  // namespace sarsen::ingest
