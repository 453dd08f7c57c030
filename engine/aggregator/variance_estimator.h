#pragma once
// What the field `estimator` of variance and stddev means. Thread safety: pure.

#include <optional>
#include <string>

namespace sarsen::engine {

/// "population" in any case; everything else, and nothing, means a sample.
bool is_population(const std::optional<std::string>& estimator) noexcept;

}  // namespace sarsen::engine
