#include "ingest/supervisor/auto_scaler.h"

#include "ingest/supervisor/cost_based_scaler.h"
#include "ingest/supervisor/lag_based_scaler.h"
#include "storage/base/error.h"

namespace sarsen::ingest {

/// As Druid: what is not enabled is checked all the same.
std::shared_ptr<const AutoScalerConfig> AutoScalerConfig::parse(const JsonField& json) {
  if (!json.present()) return nullptr;
  const std::string strategy = json["autoScalerStrategy"].string_or("lagBased");
  std::shared_ptr<const AutoScalerConfig> config;
  if (strategy == "lagBased")
    config = parse_lag_based(json);
  else if (strategy == "costBased")
    config = parse_cost_based(json);
  else
    json["autoScalerStrategy"].fail("unknown strategy: " + strategy + suggestion(strategy, {"lagBased", "costBased"}));
  return json["enableTaskAutoScaler"].boolean_or(false) ? config : nullptr;
}

}  // namespace sarsen::ingest
