#pragma once
// A theta sketch's estimate with its error bounds, as thetaSketch and thetaSketchEstimate answer where they are asked
// for errorBoundsStdDev. Thread safety: pure.

#include "engine/result/value.h"
#include "engine/sketch/theta.h"

namespace sarsen::engine {

/// REQUIRES: 1 <= deviations <= 3.
inline Value theta_with_bounds(const sketch::CompactTheta& sketch, int deviations) {
  return Nested{Json::Object{{"estimate", sketch.estimate()},
                             {"highBound", sketch.upper_bound(deviations)},
                             {"lowBound", sketch.lower_bound(deviations)},
                             {"numStdDev", deviations}}};
}

}  // namespace sarsen::engine
