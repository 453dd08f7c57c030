#include "server/api/supervisor_directory.h"

#include <algorithm>

#include "ingest/realtime/clock.h"
#include "server/api/compaction_answers.h"
#include "storage/base/error.h"
#include "storage/base/interval.h"

namespace sarsen::server {
namespace {

using ingest::CompactionSupervisorSpec;

SupervisorSummary summary_of(const ingest::Supervisor& supervisor) {
  const auto state = supervisor.state();
  const auto spec = supervisor.present_spec();
  return {.id = spec->id,
          .type = "kafka",
          .source = spec->io.stream,
          .state = std::string(ingest::basic_text(state)),
          .detailed_state = std::string(ingest::detailed_text(state)),
          .healthy = ingest::is_healthy(state),
          .suspended = spec->suspended,
          .spec = spec->json};
}

}  // namespace

std::vector<std::string> SupervisorDirectory::ids() const {
  std::vector<std::string> ids = streams_.ids();
  for (const CompactionSupervisorSpec& spec : compactions_.all()) ids.push_back(spec.id());
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::optional<SupervisorSummary> SupervisorDirectory::summary(const std::string& id) const {
  if (const auto supervisor = streams_.find(id)) return summary_of(*supervisor);
  const auto spec = compactions_.find(id);
  if (!spec) return std::nullopt;
  const std::string state(compactions_.state(*spec));
  return SupervisorSummary{.id = id,
                           .type = std::string(CompactionSupervisorSpec::kType),
                           .source = "",
                           .state = state,
                           .detailed_state = state,
                           .suspended = spec->suspended,
                           .spec = spec->to_json()};
}

std::optional<Json> SupervisorDirectory::status(const std::string& id) const {
  if (const auto supervisor = streams_.find(id)) return supervisor->status();
  const auto spec = compactions_.find(id);
  if (!spec) return std::nullopt;
  return Json::Object{{"id", id},
                      {"generationTime", format_iso(ingest::system_clock_ms())},
                      {"payload", supervised_snapshot(compactions_, spec->compaction.data_source)}};
}

std::optional<Json> SupervisorDirectory::stats(const std::string& id) const {
  if (const auto supervisor = streams_.find(id)) return supervisor->stats();
  return compactions_.find(id) ? std::optional(Json(Json::Object())) : std::nullopt;
}

std::optional<Json> SupervisorDirectory::parse_errors(const std::string& id) const {
  if (const auto supervisor = streams_.find(id)) return supervisor->parse_errors();
  return compactions_.find(id) ? std::optional(Json(Json::Array())) : std::nullopt;
}

std::optional<bool> SupervisorDirectory::health(const std::string& id) const {
  const auto supervisor = streams_.find(id);
  return supervisor ? std::optional(ingest::is_healthy(supervisor->state())) : std::nullopt;
}

std::shared_ptr<ingest::Supervisor> SupervisorDirectory::stream(const std::string& id,
                                                                const std::string& operation) const {
  if (auto supervisor = streams_.find(id)) return supervisor;
  throw Error(ErrorCategory::kUnsupported, "Operation[" + operation + "] is not supported by supervisor[" + id +
                                               "] of type[" + std::string(CompactionSupervisorSpec::kType) + "].");
}

std::string SupervisorDirectory::post(const Json& json, bool only_if_changed, const ingest::AuditInfo& who) const {
  if (CompactionSupervisorSpec::is_type_of(json)) {
    const CompactionSupervisorSpec spec = CompactionSupervisorSpec::parse(json);
    compactions_.post(spec, who);
    return spec.id();
  }
  const auto spec = ingest::SupervisorSpec::parse(json);
  if (streams_.post(spec, only_if_changed)) streams_.audit_update(*spec, who);
  return spec->id;
}

std::optional<Json> SupervisorDirectory::set_suspended(const std::string& id, bool suspended) const {
  if (streams_.find(id)) {
    const auto spec = streams_.set_suspended(id, suspended);
    return spec ? std::optional(spec->json) : std::nullopt;
  }
  const auto spec = compactions_.set_suspended(id, suspended);
  return spec ? std::optional(spec->to_json()) : std::nullopt;
}

bool SupervisorDirectory::terminate(const std::string& id) const {
  return streams_.terminate(id) || compactions_.terminate(id);
}

}  // namespace sarsen::server
