// What is computed from compact theta sketches: bounds, set operations, the summary.

#include <algorithm>
#include <iterator>

#include "engine/sketch/binomial_bounds.h"
#include "engine/sketch/sketch_summary.h"
#include "engine/sketch/theta.h"

namespace sarsen::engine::sketch {

double CompactTheta::lower_bound(int deviations) const noexcept {
  if (theta == kThetaMax) return estimate();
  return binomial_lower_bound(hashes.size(), static_cast<double>(theta) / static_cast<double>(kThetaMax), deviations);
}

double CompactTheta::upper_bound(int deviations) const noexcept {
  if (theta == kThetaMax) return estimate();
  return binomial_upper_bound(hashes.size(), static_cast<double>(theta) / static_cast<double>(kThetaMax), deviations);
}

CompactTheta CompactTheta::intersected(const CompactTheta& other) const {
  if (empty || other.empty) return {};
  CompactTheta both{.theta = std::min(theta, other.theta), .empty = false, .hashes = {}};
  std::set_intersection(hashes.begin(), hashes.end(), other.hashes.begin(), other.hashes.end(),
                        std::back_inserter(both.hashes));
  both.hashes.erase(std::lower_bound(both.hashes.begin(), both.hashes.end(), both.theta), both.hashes.end());
  both.empty = both.hashes.empty() && both.theta == kThetaMax;
  return both;
}

CompactTheta CompactTheta::without(const CompactTheta& other) const {
  if (empty || other.empty) return *this;
  CompactTheta rest{.theta = std::min(theta, other.theta), .empty = false, .hashes = {}};
  std::set_difference(hashes.begin(), hashes.end(), other.hashes.begin(), other.hashes.end(),
                      std::back_inserter(rest.hashes));
  rest.hashes.erase(std::lower_bound(rest.hashes.begin(), rest.hashes.end(), rest.theta), rest.hashes.end());
  rest.empty = rest.hashes.empty() && rest.theta == kThetaMax;
  return rest;
}

std::string CompactTheta::summary() const {
  const bool single = theta == kThetaMax && hashes.size() == 1;
  const std::string name = empty ? "EmptyCompactSketch" : single ? "SingleItemSketch" : "DirectCompactSketch";
  SketchSummary text("\n### " + name + " SUMMARY: ", 24);
  text.line("Estimate", estimate()).line("Upper Bound, 95% conf", upper_bound(2));
  text.line("Lower Bound, 95% conf", lower_bound(2));
  text.line("Theta (double)", static_cast<double>(theta) / static_cast<double>(kThetaMax));
  text.line("Theta (long)", static_cast<std::int64_t>(theta)).line("Theta (long) hex", hexadecimal(theta));
  text.line("EstMode?", theta < kThetaMax).line("Empty?", empty).line("Ordered?", true);
  text.line("Retained Entries", static_cast<std::int64_t>(hashes.size()));
  text.line("Seed Hash", seed_hash_text(empty ? 0 : kDataSketchesSeedHash));
  return text.end("### END SKETCH SUMMARY\n");
}

}  // namespace sarsen::engine::sketch
