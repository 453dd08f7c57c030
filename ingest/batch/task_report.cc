// Druid's task report of an index task.

#include <algorithm>

#include "ingest/batch/index_task.h"

namespace sarsen::ingest {

Json IndexReport::to_json(const std::string& task_id, const std::string& problem, std::string_view state) const {
  const bool complete = problem.empty() && state.empty();
  Json::Object payload{
      {"ingestionState", complete        ? "COMPLETED"
                         : state.empty() ? "BUILD_SEGMENTS"
                                         : state},
      {"unparseableEvents",
       Json::Object{{"determinePartitions", newest_first(survey_errors)}, {"buildSegments", newest_first(errors)}}},
      {"rowStats", Json::Object{{"determinePartitions", survey_stats.to_json()}, {"buildSegments", stats.to_json()}}},
      {"errorMsg", problem.empty() ? Json() : Json(problem)},
      {"segmentAvailabilityConfirmed", available},
      {"segmentAvailabilityWaitTimeMs", std::int64_t{0}},
      {"recordsProcessed", Json::Object{}}};
  // Druid does not count tombstones, which have no rows.
  const auto published = std::count_if(segments.begin(), segments.end(),
                                       [](const WrittenSegment& segment) { return segment.row_count > 0; });
  if (complete) payload.emplace_back("segmentsPublished", static_cast<std::int64_t>(published));
  return Json::Object{
      {"ingestionStatsAndErrors",
       Json::Object{{"type", "ingestionStatsAndErrors"}, {"taskId", task_id}, {"payload", Json(std::move(payload))}}}};
}

}  // namespace sarsen::ingest
