#pragma once
// A metric of a metricsSpec. Pure function, safe from any thread.

#include <memory>

#include "engine/aggregator/aggregator.h"
#include "storage/base/json.h"

namespace sarsen::ingest {

/// As parse_aggregator(), but for aggregators whose results have no form in a segment: they are refused, kInvalidInput.
std::shared_ptr<const engine::AggregatorFactory> parse_metric(const JsonField& json);

}  // namespace sarsen::ingest
