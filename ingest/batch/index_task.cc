#include "ingest/batch/index_task.h"

#include <algorithm>
#include <map>

#include "ingest/incremental_index/incremental_index.h"
#include "ingest/incremental_index/persist.h"
#include "ingest/realtime/clock.h"
#include "ingest/row/index_spec_json.h"
#include "ingest/row/json_rows.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

const std::vector<std::string> kTaskTypes = {"index",          "index_parallel", "compact", "kill",    "index_kafka",
                                             "index_realtime", "index_hadoop",   "archive", "restore", "move"};
const std::vector<std::string> kPartitionsSpecs = {"dynamic", "hashed", "single_dim", "range"};

/// The type of the task, or of its ioConfig and tuningConfig.
void check_type(const JsonField& json, bool required) {
  if (!required && !json.present()) return;
  const std::string type = json.string();
  if (type == "index" || type == "index_parallel") return;
  if (std::find(kTaskTypes.begin(), kTaskTypes.end(), type) == kTaskTypes.end())
    json.fail("unknown type: " + type + suggestion(type, kTaskTypes));
  throw Error(ErrorCategory::kUnsupported, json.path() + ": not supported yet (index and index_parallel are): " + type);
}

std::uint64_t parse_count(const JsonField& json, std::uint64_t otherwise, std::uint64_t most) {
  if (!json.present()) return otherwise;
  const std::int64_t value = json.integer();
  if (value == -1) return otherwise;  // Druid's word for "the default"
  if (value < 0) json.fail("it must not be negative: " + std::to_string(value));
  return std::min(static_cast<std::uint64_t>(value), most);
}

void parse_partitions_spec(const JsonField& json, IndexTuning& tuning) {
  const std::string type = json["type"].string_or("dynamic");
  if (std::find(kPartitionsSpecs.begin(), kPartitionsSpecs.end(), type) == kPartitionsSpecs.end())
    json["type"].fail("unknown partitionsSpec: " + type + suggestion(type, kPartitionsSpecs));
  if (type != "dynamic")
    throw Error(ErrorCategory::kUnsupported, json["type"].path() + ": not supported yet (dynamic is): " + type);
  tuning.rows_per_segment_max =
      static_cast<std::uint32_t>(parse_count(json["maxRowsPerSegment"], tuning.rows_per_segment_max, INT32_MAX));
  if (tuning.rows_per_segment_max == 0) json["maxRowsPerSegment"].fail("it must be greater than 0");
  tuning.total_rows_max = parse_count(json["maxTotalRows"], tuning.total_rows_max, INT64_MAX);
}

/// Fields that matter to Druid's memory and sub-tasks: read, so that a wrong type is noticed, and without effect here.
void check_fields_without_effect(const JsonField& json) {
  for (const char* name :
       {"maxRowsInMemory", "maxBytesInMemory", "maxNumConcurrentSubTasks", "maxRetry", "taskStatusCheckPeriodMs",
        "totalNumMergeTasks", "maxNumSegmentsToMerge", "chatHandlerNumRetries", "maxColumnsToMerge",
        "awaitSegmentAvailabilityTimeoutMillis", "pushTimeout", "maxPendingPersists"})
    json[name].integer_or(0);
  json["logParseExceptions"].boolean_or(false);
  json["skipBytesInMemoryOverheadCheck"].boolean_or(false);
}

IndexTuning parse_tuning(const JsonField& json) {
  IndexTuning tuning;
  if (!json.present()) return tuning;
  check_type(json["type"], false);
  // Before partitionsSpec came, its fields stood here.
  tuning.rows_per_segment_max =
      static_cast<std::uint32_t>(parse_count(json["maxRowsPerSegment"], tuning.rows_per_segment_max, INT32_MAX));
  if (tuning.rows_per_segment_max == 0) json["maxRowsPerSegment"].fail("it must be greater than 0");
  tuning.total_rows_max = parse_count(json["maxTotalRows"], tuning.total_rows_max, INT64_MAX);
  parse_partitions_spec(json["partitionsSpec"], tuning);
  if (json["forceGuaranteedRollup"].boolean_or(false))
    throw Error(ErrorCategory::kUnsupported, json["forceGuaranteedRollup"].path() +
                                                 ": it needs hashed or range partitions, which are not supported yet");
  tuning.index_spec = parse_index_spec(json["indexSpec"]);
  tuning.parse_exceptions_max = parse_count(json["maxParseExceptions"], tuning.parse_exceptions_max, INT64_MAX);
  if (json["reportParseExceptions"].boolean_or(false)) tuning.parse_exceptions_max = 0;
  tuning.saved_parse_exceptions_max =
      parse_count(json["maxSavedParseExceptions"], tuning.saved_parse_exceptions_max, 10'000);
  check_fields_without_effect(json);
  return tuning;
}

/// The work of one task: rows in, segments out.
class IndexRun {
 public:
  IndexRun(const IndexTask& task, const OutputLayout& layout, const std::function<void(const IndexProgress&)>& progress)
      : task_(task),
        schema_(*task.schema),
        progress_(progress),
        counts_(task.tuning.saved_parse_exceptions_max),
        time_field_(fields_.add(schema_.timestamp_spec.column())),
        reader_(*schema_.input_format, fields_, schema_.dimensions_spec.discovery),
        take_row_([this](const RawRow& row) { take_row(row); }),
        output_(layout, schema_.data_source, format_iso(system_clock_ms()), task.append) {
    for (const DimensionSchema& dimension : schema_.dimensions_spec.dimensions) fields_.add(dimension.name);
    for (const auto& metric : schema_.metrics)
      for (const std::string& column : metric->required_columns()) fields_.add(column);
    state_.bytes_total = task.input.total_bytes();
  }

  IndexReport run() {
    std::uint64_t bytes_before = 0;
    for (std::size_t i = 0; i < task_.input.size(); ++i) {
      const auto lines = task_.input.open(i);
      while (const auto line = lines->next()) {
        take(*line);
        if (++state_.rows % kRowsPerReport == 0) report(bytes_before + lines->bytes_read());
      }
      bytes_before += task_.input.bytes(i);
    }
    state_.writing = true;
    report(bytes_before);
    close_all();
    return {counts_.stats(), counts_.errors(), output_.publish()};
  }

 private:
  static constexpr std::uint64_t kRowsPerReport = 4096;

  void report(std::uint64_t bytes) {
    state_.bytes = bytes;
    if (progress_) progress_(state_);
  }

  void take(std::string_view line) {
    line_ = line;
    counts_.add_bytes(line.size());
    if (auto problem = reader_.read(line, take_row_)) count_problem(RowOutcome::kUnparseable, {std::move(*problem)});
  }

  void take_row(const RawRow& row) {
    const RawValue& time = row.value(time_field_);
    const auto time_ms = schema_.timestamp_spec.time_ms(time);
    if (!time_ms) {
      std::string scratch;
      return count_problem(RowOutcome::kUnparseable,
                           {"Timestamp[" + std::string(text_of(time, scratch).value_or("null")) + "] is unparseable!"});
    }
    const auto interval = schema_.granularity_spec.segment_interval(*time_ms);
    if (!interval || !schema_.granularity_spec.wants(*time_ms)) return counts_.count(RowOutcome::kThrownAway);
    problems_.clear();
    IncrementalIndex& index = index_of(*interval);
    const std::uint32_t rows_before = index.row_count();
    const RowOutcome outcome = index.add(row, *time_ms, problems_);
    total_rows_ += index.row_count() - rows_before;
    if (index.row_count() >= task_.tuning.rows_per_segment_max) close(*interval);
    if (total_rows_ >= task_.tuning.total_rows_max) close_all();
    if (outcome == RowOutcome::kProcessedWithError) return count_problem(outcome, problems_);
    counts_.count(outcome);
  }

  void count_problem(RowOutcome outcome, std::vector<std::string> details) {
    const std::string first = details.front();
    counts_.count_error(outcome, line_, std::move(details));
    const RowStats stats = counts_.stats();
    const std::uint64_t most = task_.tuning.parse_exceptions_max;
    if (stats.unparseable + stats.processed_with_error > most)
      throw Error(ErrorCategory::kInvalidInput,
                  "Max parse exceptions[" + std::to_string(most) + "] exceeded: " + first);
  }

  IncrementalIndex& index_of(const Interval& interval) {
    auto& index = indexes_[interval];
    if (!index) index = std::make_unique<IncrementalIndex>(task_.schema, fields_, interval, known_dimensions_);
    return *index;
  }

  /// The rows gathered for the interval become its next partition.
  void close(const Interval& interval) {
    const auto entry = indexes_.find(interval);
    IncrementalIndex& index = *entry->second;
    index.flush();
    const auto rows = index.snapshot();
    const std::uint64_t size_bytes = persist(*rows, output_.staging_path(), task_.tuning.index_spec);
    output_.add(interval, rows->row_count(), size_bytes, rows->dimensions(), rows->metrics());
    if (schema_.dimensions_spec.discovery) known_dimensions_ = index.dimensions();
    total_rows_ -= rows->row_count();
    indexes_.erase(entry);
  }

  void close_all() {
    while (!indexes_.empty()) close(indexes_.begin()->first);
  }

  const IndexTask& task_;
  const DataSchema& schema_;
  const std::function<void(const IndexProgress&)>& progress_;
  FieldTable fields_;
  RowCounts counts_;
  const std::uint32_t time_field_;
  JsonRowReader reader_;
  std::function<void(const RawRow&)> take_row_;
  SegmentOutput output_;
  IndexProgress state_;
  std::string_view line_;              // being taken
  std::vector<std::string> problems_;  // scratch
  std::map<Interval, std::unique_ptr<IncrementalIndex>> indexes_;
  std::vector<DimensionSchema> known_dimensions_;
  std::uint64_t total_rows_ = 0;  // in indexes_
};

}  // namespace

IndexTask IndexTask::parse(const Json& json, const std::filesystem::path& base_directory) {
  const JsonField root(json);
  check_type(root["type"], true);
  const JsonField spec = root["spec"];
  if (!spec.present()) spec.fail("missing");
  const JsonField io = spec["ioConfig"];
  if (!io.present()) io.fail("missing");
  check_type(io["type"], false);
  DataSchema schema = DataSchema::parse(spec["dataSchema"]);
  if (io["firehose"].present())
    throw Error(ErrorCategory::kUnsupported,
                io["firehose"].path() + ": firehoses of batch tasks are gone since Druid 26; use inputSource");
  if (!schema.input_format || io["inputFormat"].present()) schema.input_format = InputFormat::parse(io["inputFormat"]);
  IndexTask task;
  task.append = io["appendToExisting"].boolean_or(false);
  if (io["dropExisting"].boolean_or(false))
    throw Error(ErrorCategory::kUnsupported,
                io["dropExisting"].path() +
                    ": not supported yet; segments of a newer version hide older ones of the same interval");
  task.tuning = parse_tuning(spec["tuningConfig"]);
  task.input = InputSource::parse(io["inputSource"], base_directory);
  task.schema = std::make_shared<const DataSchema>(std::move(schema));
  return task;
}

IndexReport run_index_task(const IndexTask& task, const OutputLayout& layout,
                           const std::function<void(const IndexProgress&)>& progress) {
  return IndexRun(task, layout, progress).run();
}

}  // namespace sarsen::ingest
