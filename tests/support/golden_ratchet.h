#pragma once
// Holds the results of a replay against tests/golden/expected_passes: neither number may get worse.

#include <gtest/gtest.h>

#include <iostream>
#include <string>

#include "tests/support/checkout.h"
#include "tests/support/golden_replay.h"

namespace sarsen {

/// `name`: the line of expected_passes.
inline void expect_as_before(const GoldenReplay& replay, const std::string& name) {
  for (const auto& [type, tally] : replay.tallies())
    std::cout << "  " << type << ": " << tally.passed << " passed, " << tally.failed << " failed, " << tally.not_built
              << " not built yet\n";
  for (const std::string& difference : replay.differences()) std::cout << "  " << difference << "\n";
  const std::map<std::string, GoldenBounds> bounds =
      read_golden_bounds(source_folder() / "tests/golden/expected_passes");
  ASSERT_TRUE(bounds.contains(name)) << "tests/golden/expected_passes does not name " << name;
  const GoldenBounds& bound = bounds.at(name);
  EXPECT_GE(replay.passed(), bound.passed_min);
  EXPECT_LE(replay.differences().size(), bound.different_max);
  if (replay.passed() > bound.passed_min || replay.differences().size() < bound.different_max)
    std::cout << "  better than before: write \"" << replay.passed() << " " << replay.differences().size() << " "
              << name << "\" into tests/golden/expected_passes\n";
}

}  // namespace sarsen
