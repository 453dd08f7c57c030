#include "server/api/coordinator_duties.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "server/api/json_answer.h"
#include "storage/base/interval.h"

namespace sarsen::server {
namespace {

using ingest::DutyGroup;

/// As a Duration of Joda's: seconds, with milliseconds where there are any.
std::string duration_text(std::chrono::milliseconds length) {
  const auto seconds = length.count() / 1000;
  const auto rest = length.count() % 1000;
  return rest == 0 ? fmt::format("PT{}S", seconds) : fmt::format("PT{}.{:03}S", seconds, rest);
}

Json time_json(const std::optional<std::int64_t>& time_ms) { return time_ms ? Json(format_iso(*time_ms)) : Json(); }

Json group_json(const DutyGroup::Status& group) {
  Json::Array duties;
  for (const std::string& duty : group.duties) duties.emplace_back("org.apache.druid.server.coordinator.duty." + duty);
  return Json::Object{{"name", group.name},
                      {"period", duration_text(group.period)},
                      {"dutyNames", Json(std::move(duties))},
                      {"lastRunStart", time_json(group.last_start_ms)},
                      {"lastRunEnd", time_json(group.last_end_ms)},
                      {"avgRuntimeMillis", group.average_length_ms},
                      {"avgRunGapMillis", group.average_gap_ms}};
}

}  // namespace

void add_duty_routes(Router& router, std::vector<const DutyGroup*> groups) {
  router.add("GET", "/druid/coordinator/v1/duties", Execution::kPooled,
             checked([groups = std::move(groups)](const Request& request, ResponseWriter& writer) {
               Json::Array told;
               for (const DutyGroup* group : groups)
                 if (const auto status = group->status()) told.push_back(group_json(*status));
               respond(request, writer, 200, Json::Object{{"dutyGroups", Json(std::move(told))}});
             }));
}

}  // namespace sarsen::server
