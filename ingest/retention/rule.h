#pragma once
// A rule of retention: of the rules of a data source the first that applies to a segment says whether it is served.
// Druid's JSON and meaning. A value.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/base/interval.h"
#include "storage/base/json.h"
#include "storage/base/period.h"

namespace sarsen::ingest {

class Rule {
 public:
  enum class Action : std::uint8_t { kLoad, kBroadcast, kDrop };

  /// {"type": "loadByPeriod", "period": "P1M", "includeFuture": true, "tieredReplicants": {…}}. Throws kInvalidInput
  /// naming the field.
  static Rule parse(const JsonField& json);
  Json to_json() const;

  Action action() const noexcept { return action_; }
  /// Load and broadcast: whether some node is to have it. This process stands for the nodes of every tier.
  bool wants_copies() const noexcept;
  /// Whether it is the rule for segments of `interval`, at `now_ms`.
  bool applies_to(const Interval& interval, std::int64_t now_ms) const;

 private:
  enum class Scope : std::uint8_t { kForever, kInterval, kPeriod, kBeforePeriod };
  struct Type;

  static const Type& type_of(const JsonField& json);
  void parse_replicants(const JsonField& json);

  Action action_ = Action::kLoad;
  Scope scope_ = Scope::kForever;
  Interval interval_;
  Period period_;
  bool include_future_ = true;
  std::vector<std::pair<std::string, std::int64_t>> replicants_;  // by tier
  bool use_default_tier_for_null_ = true;
};

using Rules = std::vector<Rule>;

/// An array of rules. Throws kInvalidInput.
Rules parse_rules(const JsonField& json);
Json to_json(const Rules& rules);

/// The first rule that applies; nullptr where none does.
const Rule* rule_for(const Rules& rules, const Interval& interval, std::int64_t now_ms);

}  // namespace sarsen::ingest
