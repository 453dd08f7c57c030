#include "ingest/tasks/compaction_policy.h"

#include <algorithm>
#include <tuple>

#include "storage/base/interval_field.h"

namespace sarsen::ingest {
namespace {

constexpr const char* kNewestFirst = "newestSegmentFirst";
constexpr const char* kFixedOrder = "fixedIntervalOrder";

std::vector<CompactionPlace> parse_places(const JsonField& json) {
  if (!json.present()) json.fail("missing: a list of {\"datasource\", \"interval\"} is wanted");
  std::vector<CompactionPlace> places;
  for (const JsonField& place : json.elements())
    places.push_back({place["datasource"].string(), parse_interval(place["interval"])});
  return places;
}

/// The number of places where there is none.
std::size_t position(const std::vector<CompactionPlace>& places, const CompactionPlace& wanted) {
  const auto found = std::find_if(places.begin(), places.end(), [&](const CompactionPlace& place) {
    return place.data_source == wanted.data_source && place.interval.contains(wanted.interval);
  });
  return static_cast<std::size_t>(found - places.begin());
}

}  // namespace

CompactionPolicy CompactionPolicy::parse(const JsonField& json) {
  CompactionPolicy policy;
  if (!json.present()) return policy;
  const std::string type = json["type"].string();
  if (type == kFixedOrder)
    policy.eligible = parse_places(json["eligibleCandidates"]);
  else if (type == kNewestFirst)
    policy.priority_data_source = json["priorityDatasource"].string_or("");
  else
    json["type"].fail("unknown type of policy: " + type + "; use " + kNewestFirst + " or " + kFixedOrder);
  return policy;
}

Json CompactionPolicy::to_json() const {
  if (!eligible)
    return Json::Object{{"type", kNewestFirst},
                        {"priorityDatasource", priority_data_source.empty() ? Json() : Json(priority_data_source)}};
  Json::Array places;
  for (const CompactionPlace& place : *eligible)
    places.push_back(Json::Object{{"datasource", place.data_source}, {"interval", format_iso(place.interval)}});
  return Json::Object{{"type", kFixedOrder}, {"eligibleCandidates", Json(std::move(places))}};
}

bool CompactionPolicy::is_eligible(const CompactionPlace& place) const {
  return !eligible || position(*eligible, place) < eligible->size();
}

bool CompactionPolicy::comes_before(const CompactionPlace& left, const CompactionPlace& right) const {
  if (eligible) return position(*eligible, left) < position(*eligible, right);
  const auto rank = [&](const CompactionPlace& place) {
    const bool first = !priority_data_source.empty() && place.data_source == priority_data_source;
    return std::tuple(first, place.interval.start_ms, place.interval.end_ms);
  };
  return rank(left) > rank(right);
}

}  // namespace sarsen::ingest
