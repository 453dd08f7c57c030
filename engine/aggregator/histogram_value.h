#pragma once
// How approximate histograms are answered: {"breaks": …, "counts": …}. Thread safety: pure.

#include <vector>

#include "engine/result/value.h"
#include "engine/sketch/approximate_histogram.h"

namespace sarsen::engine {

/// The counts between each two neighbours of `breaks`. REQUIRES: there are at least two.
Value histogram_value(const sketch::ApproximateHistogram& histogram, const std::vector<float>& breaks);

}  // namespace sarsen::engine
