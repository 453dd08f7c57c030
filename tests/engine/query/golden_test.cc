// Asks every recorded query and compares the answers with those of stock Druid: tests/golden/README.md.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/support/checkout.h"
#include "tests/support/golden_ratchet.h"
#include "tests/support/golden_replay.h"

namespace sarsen::engine {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = source_folder() / "tests/golden/druid-33.0.0";

// Recordings too large for this repository lie beside it, where somebody has them.
fs::path shared_golden() { return shared_folder() / "data/golden"; }

void replay(const fs::path& directory, const std::string& file, std::size_t threads = 2) {
  storage::Catalog catalog;
  ASSERT_GT(load_golden_segments(directory / "segments", catalog), 0u);
  const GoldenLookups lookups(directory / "native-components.lookups.json");
  GoldenReplay replay(catalog, threads);
  replay.ask_all(read_golden_cases(directory / file));
  expect_as_before(replay, file);
}

TEST(Golden, AnswersAsDruidOnEvents) { replay(kGolden, "native-events.jsonl.gz"); }

TEST(Golden, AnswersAsDruidOnEventsWithOneThread) { replay(kGolden, "native-events.jsonl.gz", 1); }

TEST(Golden, AnswersAsDruidOnRolledUpEvents) { replay(kGolden, "native-events_rollup.jsonl.gz"); }

TEST(Golden, AnswersAsDruidOnRolledUpEventsWithManyThreads) { replay(kGolden, "native-events_rollup.jsonl.gz", 8); }

TEST(Golden, AnswersAsDruidOnWikiticker) {
  if (!fs::exists(shared_golden())) GTEST_SKIP() << "no recordings on wikiticker in " << shared_golden();
  replay(shared_golden(), "native-wikiticker.jsonl.gz");
}

TEST(Golden, AnswersAsDruidComponentByComponent) {
  if (!fs::exists(shared_golden())) GTEST_SKIP() << "no recordings of components in " << shared_golden();
  replay(shared_golden(), "native-components.jsonl.gz");
}

TEST(Golden, RefusesOddQueriesWhereDruidDoes) {
  if (!fs::exists(shared_golden())) GTEST_SKIP() << "no recordings of odd queries in " << shared_golden();
  replay(shared_golden(), "native-errors.jsonl.gz");
}

}  // namespace
}  // namespace sarsen::engine
