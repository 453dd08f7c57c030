#pragma once
// What hyperUnique and cardinality share: Druid's own HyperLogLog collectors, and what is shown of them.

#include <string>

#include "engine/aggregator/sketch_aggregator.h"
#include "engine/aggregator/unsent_estimate.h"
#include "engine/sketch/hyper_unique.h"

namespace sarsen::engine {

/// REQUIRES: Kind::Sketch is sketch::HyperUnique.
template <class Kind>
class CollectorFactoryOf : public SketchFactoryOf<Kind>, public UnsentEstimate {
 public:
  CollectorFactoryOf(std::string name, std::string field_name, Kind kind, bool round)
      : SketchFactoryOf<Kind>(std::move(name), std::move(field_name), std::move(kind)), round_(round) {}

  Value finalise(const std::byte* state) const override {
    const auto* collector = this->held(state);
    return shown(collector == nullptr ? 0.0 : collector->estimate_as_sent());
  }
  Value finalise_unsent(const std::byte* state) const override {
    const auto* collector = this->held(state);
    return shown(collector == nullptr ? 0.0 : collector->estimate());
  }
  Value finalise_null() const override { return shown(0.0); }

 protected:
  bool rounds() const noexcept { return round_; }

 private:
  Value shown(double estimate) const { return round_ ? Value(rounded(estimate)) : Value(estimate); }

  const bool round_;
};

}  // namespace sarsen::engine
