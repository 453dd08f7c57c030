#include "ingest/supervisor/task_report.h"

#include "storage/base/interval.h"

namespace sarsen::ingest {
namespace {

constexpr std::int64_t kOpenEnd = INT64_MAX;  // Druid's end offset of what reads on

TaskState task_state(ReadingTask::State state) noexcept {
  if (state == ReadingTask::State::kSucceeded) return TaskState::kSuccess;
  return state == ReadingTask::State::kFailed ? TaskState::kFailed : TaskState::kRunning;
}

Json time_or_null(std::int64_t time_ms, std::int64_t absent) {
  return time_ms == absent ? Json() : Json(format_iso(time_ms));
}

Json sequence_numbers(const char* type, const Position& position) {
  return Json::Object{{"type", type},
                      {"stream", position.stream},
                      {"topic", position.stream},
                      {"partitionSequenceNumberMap", offsets_json(position.next_offsets)},
                      {"partitionOffsetMap", offsets_json(position.next_offsets)}};
}

Json io_of(const ReadingTask& task) {
  const SupervisorSpec& spec = task.spec();
  const RowWindow window = RowWindow::of(spec.io, task.created_ms(), task.created_ms());
  Position end = task.start_position();
  for (auto& [partition, offset] : end.next_offsets) offset = kOpenEnd;
  const JsonField io = JsonField(spec.json)["ioConfig"];
  return Json::Object{{"type", "kafka"},
                      {"taskGroupId", static_cast<std::int64_t>(task.group())},
                      {"baseSequenceName", task.base_sequence_name()},
                      {"startSequenceNumbers", sequence_numbers("start", task.start_position())},
                      {"endSequenceNumbers", sequence_numbers("end", end)},
                      {"consumerProperties", io["consumerProperties"].json()},
                      {"pollTimeout", io["pollTimeout"].integer_or(100)},
                      {"useTransaction", true},
                      {"minimumMessageTime", time_or_null(window.min_ms, RowWindow::kMin)},
                      {"maximumMessageTime", time_or_null(window.max_ms, RowWindow::kMax)},
                      {"inputFormat", io["inputFormat"].present() ? io["inputFormat"].json() : Json()},
                      {"multiTopic", spec.io.pattern}};
}

Json records_processed(const ReadingTask& task, const Position& current) {
  Json::Object counts;
  for (const auto& [partition, offset] : current.next_offsets) {
    const auto start = task.start_position().next_offsets.find(partition);
    const std::int64_t first = start == task.start_position().next_offsets.end() ? offset : start->second;
    counts.emplace_back(partition.text(), Json(offset - first));
  }
  return Json(std::move(counts));
}

}  // namespace

TaskStatus status_of(const ReadingTask& task) {
  const auto progress = task.progress();
  TaskStatus status;
  status.id = task.id();
  status.group_id = "index_kafka_" + task.spec().id;
  status.type = "index_kafka";
  status.created_time_ms = task.created_ms();
  status.status_code = task_state(progress.state);
  status.runner_status_code = status.complete() ? RunnerTaskState::kNone : RunnerTaskState::kRunning;
  status.duration_ms = status.complete() ? progress.ended_ms - task.created_ms() : -1;
  status.data_source = task.spec().id;
  status.error_message = progress.error;
  return status;
}

Json payload_of(const ReadingTask& task) {
  const JsonField spec(task.spec().json);
  return Json::Object{{"type", "index_kafka"},
                      {"id", task.id()},
                      {"groupId", "index_kafka_" + task.spec().id},
                      {"resource", Json::Object{{"availabilityGroup", task.base_sequence_name()},
                                                {"requiredCapacity", std::int64_t{1}}}},
                      {"dataSource", task.spec().id},
                      {"dataSchema", spec["dataSchema"].json()},
                      {"tuningConfig", spec["tuningConfig"].json()},
                      {"ioConfig", io_of(task)},
                      {"context", task.spec().context}};
}

Json stats_of(const ReadingTask& task) {
  return Json::Object{{"movingAverages", Json::Object{{"buildSegments", task.rates().to_json()}}},
                      {"totals", Json::Object{{"buildSegments", task.stats().to_json()}}}};
}

Json report_of(const ReadingTask& task) {
  const auto progress = task.progress();
  const Json payload = Json::Object{
      {"ingestionState", progress.state == ReadingTask::State::kSucceeded ? "COMPLETED" : "BUILD_SEGMENTS"},
      {"unparseableEvents", Json::Object{{"buildSegments", newest_first(task.errors())}}},
      {"rowStats", Json::Object{{"buildSegments", task.stats().to_json()}}},
      {"errorMsg", progress.error.empty() ? Json() : Json(progress.error)},
      {"segmentAvailabilityConfirmed", progress.state == ReadingTask::State::kSucceeded},
      {"segmentAvailabilityWaitTimeMs", std::int64_t{0}},
      {"recordsProcessed", records_processed(task, progress.current)}};
  return Json::Object{{"ingestionStatsAndErrors",
                       Json::Object{{"type", "ingestionStatsAndErrors"}, {"taskId", task.id()}, {"payload", payload}}}};
}

}  // namespace sarsen::ingest
