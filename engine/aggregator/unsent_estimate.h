#pragma once
// Druid's servers send collectors to the broker, which loses a little on the way (engine/sketch/hyper_unique.h). Rows
// that are in memory, of a query or of another query's answer, the broker aggregates itself. An aggregator whose value
// is not the same then says so here, beside AggregatorFactory. Immutable.

#include <cstddef>

#include "engine/result/value.h"

namespace sarsen::engine {

class UnsentEstimate {
 public:
  virtual ~UnsentEstimate() = default;
  /// As AggregatorFactory::finalise, of a state that was not sent.
  virtual Value finalise_unsent(const std::byte* state) const = 0;
};

}  // namespace sarsen::engine
