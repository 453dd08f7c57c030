#include "ingest/tasks/coordinator_config.h"

#include <vector>

#include "ingest/tasks/task_storage.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

constexpr const char* kDefaults =
    R"({"millisToWaitBeforeDeleting":900000,"maxSegmentsToMove":100,"replicantLifetime":15,)"
    R"("replicationThrottleLimit":500,"balancerComputeThreads":1,"killDataSourceWhitelist":[],"killTaskSlotRatio":0.1,)"
    R"("maxKillTaskSlots":2147483647,"killPendingSegmentsSkipList":[],"maxSegmentsInNodeLoadingQueue":500,)"
    R"("decommissioningNodes":[],"pauseCoordination":false,"replicateAfterLoadTimeout":false,)"
    R"("useRoundRobinSegmentAssignment":true,"smartSegmentLoading":true,"debugDimensions":null,)"
    R"("turboLoadingNodes":[]})";

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? std::string() : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// An array, or one text with commas.
Json parse_names(const JsonField& json) {
  Json::Array names;
  if (json.json().is_array()) {
    for (const JsonField& name : json.elements()) names.emplace_back(name.string());
    return names;
  }
  const std::string text = json.string();
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (const std::string name = trimmed(text.substr(begin, end - begin)); !name.empty()) names.emplace_back(name);
    begin = end + 1;
  }
  return names;
}

double parse_ratio(const JsonField& json) {
  const double ratio = json.number();
  if (!(ratio >= 0 && ratio <= 1)) json.fail("a number from 0 to 1 is wanted");
  return ratio;
}

std::int64_t parse_count(const JsonField& json) {
  const std::int64_t count = json.integer();
  if (count < 0) json.fail("a number that is not negative is wanted");
  return count;
}

/// `known`: the field as it is by now, which tells its kind.
Json parse_field(const std::string& name, const Json& known, const JsonField& json) {
  if (known.is_array()) return parse_names(json);
  if (known.is_bool()) return json.boolean();
  if (name == "killTaskSlotRatio") return parse_ratio(json);
  if (known.is_integer()) return parse_count(json);
  if (!json.json().is_object()) json.fail("an object is wanted");
  return json.json();
}

}  // namespace

CoordinatorConfig CoordinatorConfig::with(const JsonField& changes) const {
  CoordinatorConfig config;
  Json::Object all;
  for (const auto& [name, known] : json.object())
    all.emplace_back(name, changes[name].present() ? parse_field(name, known, changes[name]) : known);
  config.json = all;
  const JsonField field(config.json);
  for (const JsonField& name : field["killPendingSegmentsSkipList"].elements())
    config.pending_segments_skip_list.insert(name.string());
  config.pauses = field["pauseCoordination"].boolean();
  return config;
}

CoordinatorConfig CoordinatorConfig::parse(const std::optional<Json>& json) {
  CoordinatorConfig defaults;
  defaults.json = Json::parse(kDefaults);
  const Json kept = json.value_or(Json::Object{});
  return defaults.with(JsonField(kept));
}

bool coordination_pauses(const TaskStorage& storage) {
  return CoordinatorConfig::parse(storage.config(kCoordinatorConfigName)).pauses;
}

}  // namespace sarsen::ingest
