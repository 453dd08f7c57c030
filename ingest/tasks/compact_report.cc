#include "ingest/tasks/compact_report.h"

#include <algorithm>
#include <utility>

#include "ingest/tasks/task_types.h"

namespace sarsen::ingest {
namespace {

constexpr const char* kIngestion = "ingestionStatsAndErrors";
constexpr const char* kContext = "taskContext";

Json& member_of(Json::Object& object, std::string_view name) {
  return std::ranges::find(object, name, &Json::Object::value_type::first)->second;
}

void add_to(Json::Object& object, const char* name, Json value) {
  if (std::ranges::count(object, name, &Json::Object::value_type::first) == 0)
    object.emplace_back(name, std::move(value));
}

void add_to(RowStats& all, const RowStats& more) {
  all.processed += more.processed;
  all.processed_bytes += more.processed_bytes;
  all.processed_with_error += more.processed_with_error;
  all.thrown_away += more.thrown_away;
  all.unparseable += more.unparseable;
}

/// {"taskContext_0":{"type":"taskContext",…}}
void append(Json::Object& report, const char* key, std::size_t number, const TaskIdentity& identity, Json payload) {
  Json::Object one = task_report(key, identity.id, std::move(payload));
  report.emplace_back(std::string(key) + "_" + std::to_string(number), std::move(one.front().second));
}

}  // namespace

void CompactReport::note_written(const std::vector<WrittenSegment>& segments) {
  for (const WrittenSegment& segment : segments) of(segment.id.interval).segments.push_back(segment);
}

Json CompactReport::live() const {
  IndexReport all;
  for (const auto& [interval, group] : groups_) {
    add_to(all.stats, group.report.stats);
    add_to(all.survey_stats, group.report.survey_stats);
    all.errors.insert(all.errors.end(), group.report.errors.begin(), group.report.errors.end());
  }
  return all.to_json(identity_.id, {}, "BUILD_SEGMENTS");
}

/// Ranges are made by sub-tasks in Druid, whose totals are told otherwise.
Json::Object CompactReport::payload_of(const Group& group) const {
  IndexReport ingestion = group.report;
  const PartitionsSpec& partitions = spec_.tuning.partitions;
  if (partitions.kind == PartitionsSpec::Kind::kHashed && !partitions.shard_count)
    ingestion.survey_stats = ingestion.stats;  // all is read once more before
  const Json report = ingestion.to_json(identity_.id);
  Json::Object payload = JsonField(report)[kIngestion]["payload"].json().object();
  if (partitions.kind == PartitionsSpec::Kind::kRange) {
    const Json build = group.report.stats.to_json();
    member_of(payload, "rowStats") = Json::Object{{"totals", Json::Object{{"buildSegments", build}}}};
    const Json errors = *member_of(payload, "unparseableEvents").find("buildSegments");
    member_of(payload, "unparseableEvents") = Json::Object{{"buildSegments", errors}};
  } else if (group.report.errors.empty()) {
    member_of(payload, "unparseableEvents") = Json::Object();
  }
  const auto published = std::ranges::find(payload, "segmentsPublished", &Json::Object::value_type::first);
  payload.insert(published, {"segmentsRead", static_cast<std::int64_t>(group.segments_read)});
  return payload;
}

/// That of the index tasks that Druid makes of a compact task.
Json CompactReport::context() const {
  const Json* given = identity_.payload.find("context");
  Json::Object context = given == nullptr ? Json::Object() : given->object();
  add_to(context, "appenderatorTrackingTaskId", identity_.id);
  add_to(context, "storeCompactionState", true);
  add_to(context, "priority", std::int64_t{identity_.priority});
  if (spec_.given.transform_spec.is_null()) add_to(context, "lookupLoadingMode", "NONE");
  return context;
}

Json CompactReport::to_json() const {
  Json::Object report;
  std::size_t number = 0;
  for (const auto& [interval, group] : groups_) {
    append(report, kIngestion, number, identity_, payload_of(group));
    append(report, kContext, number++, identity_, context());
  }
  return report;
}

}  // namespace sarsen::ingest
