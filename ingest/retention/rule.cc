#include "ingest/retention/rule.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "storage/base/interval_field.h"

namespace sarsen::ingest {
namespace {

constexpr const char* kDefaultTier = "_default_tier";
constexpr std::int64_t kDefaultReplicants = 2;

}  // namespace

struct Rule::Type {
  const char* name;
  Action action;
  Scope scope;
};

const Rule::Type& Rule::type_of(const JsonField& json) {
  static constexpr std::array<Type, 10> kTypes{{{"loadForever", Action::kLoad, Scope::kForever},
                                                {"loadByInterval", Action::kLoad, Scope::kInterval},
                                                {"loadByPeriod", Action::kLoad, Scope::kPeriod},
                                                {"dropForever", Action::kDrop, Scope::kForever},
                                                {"dropByInterval", Action::kDrop, Scope::kInterval},
                                                {"dropByPeriod", Action::kDrop, Scope::kPeriod},
                                                {"dropBeforeByPeriod", Action::kDrop, Scope::kBeforePeriod},
                                                {"broadcastForever", Action::kBroadcast, Scope::kForever},
                                                {"broadcastByInterval", Action::kBroadcast, Scope::kInterval},
                                                {"broadcastByPeriod", Action::kBroadcast, Scope::kPeriod}}};
  const std::string name = json.string();
  std::vector<std::string> names;
  for (const Type& type : kTypes) {
    if (name == type.name) return type;
    names.emplace_back(type.name);
  }
  json.fail("unknown type of rule: " + name + suggestion(name, names));
}

Rule Rule::parse(const JsonField& json) {
  const Type& type = type_of(json["type"]);
  Rule rule;
  rule.action_ = type.action;
  rule.scope_ = type.scope;
  if (type.scope == Scope::kInterval) rule.interval_ = parse_interval(json["interval"]);
  if (type.scope == Scope::kPeriod || type.scope == Scope::kBeforePeriod)
    rule.period_ = Period::parse(json["period"].string());
  if (type.scope == Scope::kPeriod) rule.include_future_ = json["includeFuture"].boolean_or(true);
  if (type.action == Action::kLoad) rule.parse_replicants(json);
  return rule;
}

void Rule::parse_replicants(const JsonField& json) {
  use_default_tier_for_null_ = json["useDefaultTierForNull"].boolean_or(true);
  const JsonField tiers = json["tieredReplicants"];
  if (!tiers.present() && use_default_tier_for_null_) replicants_ = {{kDefaultTier, kDefaultReplicants}};
  for (const auto& [tier, count] : tiers.members()) {
    if (!count.present()) tiers.fail("Invalid number of replicas for tier [" + tier + "]. Value must not be null.");
    const std::int64_t replicants = count.integer();
    if (replicants < 0)
      tiers.fail("Invalid number of replicas for tier [" + tier + "]. Value [" + std::to_string(replicants) +
                 "] must be positive.");
    replicants_.emplace_back(tier, replicants);
  }
}

Json Rule::to_json() const {
  Json::Object json;
  if (scope_ == Scope::kInterval) json.emplace_back("interval", format_iso(interval_));
  if (scope_ == Scope::kPeriod || scope_ == Scope::kBeforePeriod) json.emplace_back("period", period_.to_string());
  if (scope_ == Scope::kPeriod) json.emplace_back("includeFuture", include_future_);
  if (action_ == Action::kLoad) {
    Json::Object tiers;
    for (const auto& [tier, count] : replicants_) tiers.emplace_back(tier, count);
    json.emplace_back("tieredReplicants", Json(std::move(tiers)));
    json.emplace_back("useDefaultTierForNull", use_default_tier_for_null_);
  }
  std::string type = action_ == Action::kLoad ? "load" : action_ == Action::kDrop ? "drop" : "broadcast";
  type += scope_ == Scope::kForever    ? "Forever"
          : scope_ == Scope::kInterval ? "ByInterval"
          : scope_ == Scope::kPeriod   ? "ByPeriod"
                                       : "BeforeByPeriod";
  json.emplace_back("type", type);
  return json;
}

bool Rule::wants_copies() const noexcept {
  if (action_ != Action::kLoad) return action_ == Action::kBroadcast;
  return std::any_of(replicants_.begin(), replicants_.end(), [](const auto& tier) { return tier.second > 0; });
}

// A segment is dropped when all of it lies where the rule says, and loaded when some of it does.
bool Rule::applies_to(const Interval& interval, std::int64_t now_ms) const {
  const bool drops = action_ == Action::kDrop;
  if (scope_ == Scope::kForever) return true;
  if (scope_ == Scope::kInterval) return drops ? interval_.contains(interval) : interval_.overlaps(interval);
  const Interval period{add_period(now_ms, period_, -1), now_ms};
  if (scope_ == Scope::kBeforePeriod) return interval.end_ms <= period.start_ms;
  if (include_future_) return drops ? period.start_ms <= interval.start_ms : period.start_ms < interval.end_ms;
  return drops ? period.contains(interval) : period.overlaps(interval);
}

Rules parse_rules(const JsonField& json) {
  Rules rules;
  for (const JsonField& rule : json.elements()) rules.push_back(Rule::parse(rule));
  return rules;
}

Json to_json(const Rules& rules) {
  Json::Array array;
  for (const Rule& rule : rules) array.push_back(rule.to_json());
  return array;
}

const Rule* rule_for(const Rules& rules, const Interval& interval, std::int64_t now_ms) {
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.applies_to(interval, now_ms); });
  return found == rules.end() ? nullptr : &*found;
}

}  // namespace sarsen::ingest
