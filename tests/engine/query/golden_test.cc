// Asks every recorded query and compares the answers with those of stock Druid: tests/golden/README.md.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "engine/exec/worker_pool.h"
#include "engine/lookup/lookup_registry.h"
#include "engine/query/query.h"
#include "engine/query/query_engine.h"
#include "storage/base/error.h"
#include "storage/base/whole_file.h"
#include "tests/support/checkout.h"
#include "tests/support/golden_cases.h"
#include "tests/support/golden_judge.h"

namespace sarsen::engine {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = source_folder() / "tests/golden";

// Recordings too large for this repository lie beside it, where somebody has them.
fs::path shared_golden() { return shared_folder() / "data/golden"; }

struct Tally {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t not_built = 0;
};

enum class Outcome { kPassed, kFailed, kNotBuilt };

// The lookups that stock Druid knew when it was asked, from the body that was posted to it.
void load_lookups(const fs::path& path) {
  LookupRegistry::Lookups lookups;
  if (fs::exists(path)) {
    const Json document = Json::parse(read_whole_file(path));
    for (const auto& [name, lookup] : JsonField(document)["__default"].members())
      lookups.emplace(name, parse_registered_lookup(lookup));
  }
  lookup_registry().replace_all(std::move(lookups));
}

class Replay {
 public:
  explicit Replay(const fs::path& directory) : pool_(2), engine_(catalog_, pool_) {
    const fs::path segments = directory / "segments";
    if (load_golden_segments(segments, catalog_) == 0) ADD_FAILURE() << "no segments below " << segments;
    load_lookups(directory / "native-components.lookups.json");
  }
  ~Replay() { lookup_registry().replace_all({}); }

  void ask_all(const std::vector<GoldenCase>& cases) {
    for (const GoldenCase& recorded : cases) count(recorded, ask(recorded));
  }

  std::size_t passed() const { return passed_; }
  const std::vector<std::string>& differences() const { return differences_; }

  void print() const {
    for (const auto& [type, tally] : tallies_)
      std::cout << "  " << type << ": " << tally.passed << " passed, " << tally.failed << " failed, " << tally.not_built
                << " not built yet\n";
  }

 private:
  std::string answer(const Json& body) {
    const QueryPtr query = parse_query(body);
    QueryControl control;
    std::string text;
    engine_.run(*query, control, JsonStyle::kCompact, [&](std::string_view piece) { text += piece; });
    return text;
  }

  Outcome ask(const GoldenCase& recorded) {
    try {
      const std::string text = answer(recorded.query);
      if (recorded.status != 200)
        return fail(recorded, "Druid refused this, with status " + std::to_string(recorded.status));
      const std::string difference = golden_difference(recorded.query, recorded.response, Json::parse(text));
      return difference.empty() ? Outcome::kPassed : fail(recorded, difference);
    } catch (const Error& error) {
      return judge(recorded, error);
    }
  }

  // A refusal passes where Druid refused too. Where Druid answered, it says that something is not built yet, if it says
  // so.
  Outcome judge(const GoldenCase& recorded, const Error& error) {
    const std::string message = error.what();
    const bool unknown =
        error.category() == ErrorCategory::kInvalidInput && message.find("unknown") != std::string::npos;
    if (error.category() == ErrorCategory::kUnsupported) {
      if (getenv("HF")) std::cout << "NB " << recorded.name << " " << message << "\n";
      return Outcome::kNotBuilt;
    }
    if (recorded.status == 200) return unknown ? Outcome::kNotBuilt : fail(recorded, "refused: " + message);
    const bool refused = error.category() == ErrorCategory::kInvalidInput;
    return refused ? Outcome::kPassed : fail(recorded, "failed otherwise than by refusing: " + message);
  }

  Outcome fail(const GoldenCase& recorded, const std::string& problem) {
    differences_.push_back(recorded.name + ": " + problem + "\n    " + recorded.query.dump());
    return Outcome::kFailed;
  }

  void count(const GoldenCase& recorded, Outcome outcome) {
    const Json* type = recorded.query.find("queryType");
    Tally& tally = tallies_[type != nullptr && type->is_string() ? type->string() : "(none)"];
    if (outcome == Outcome::kPassed) ++passed_;
    ++(outcome == Outcome::kPassed ? tally.passed : outcome == Outcome::kFailed ? tally.failed : tally.not_built);
  }

  storage::Catalog catalog_;
  WorkerPool pool_;
  QueryEngine engine_;
  std::map<std::string, Tally> tallies_;
  std::size_t passed_ = 0;
  std::vector<std::string> differences_;
};

void replay(const fs::path& directory, const std::string& file) {
  const fs::path path = directory / file;
  const std::vector<GoldenCase> cases = read_golden_cases(path);
  ASSERT_FALSE(cases.empty());
  Replay replay(directory);
  replay.ask_all(cases);
  replay.print();
  for (const std::string& difference : replay.differences()) std::cout << "  " << difference << "\n";
  const std::map<std::string, GoldenBounds> bounds = read_golden_bounds(kGolden / "expected_passes");
  ASSERT_TRUE(bounds.contains(file)) << "tests/golden/expected_passes does not name " << file;
  const GoldenBounds& bound = bounds.at(file);
  EXPECT_GE(replay.passed(), bound.passed_min);
  EXPECT_LE(replay.differences().size(), bound.different_max);
  if (replay.passed() > bound.passed_min || replay.differences().size() < bound.different_max)
    std::cout << "  better than before: write \"" << replay.passed() << " " << replay.differences().size() << " "
              << file << "\" into tests/golden/expected_passes\n";
}

/// All of these must pass, apart from what is not built.
TEST(Golden, RefusesOddQueriesWhereDruidDoes) {
  if (!fs::exists(shared_golden())) GTEST_SKIP() << "no recordings of odd queries in " << shared_golden();
  Replay replay(shared_golden() / "segments");
  replay.ask_all(read_golden_cases(shared_golden() / "native-errors.jsonl.gz"));
  replay.print();
  for (const std::string& difference : replay.differences()) ADD_FAILURE() << difference;
}

TEST(Golden, AnswersAsDruidOnEvents) { replay(kGolden / "druid-33.0.0", "native-events.jsonl.gz"); }

TEST(Golden, AnswersAsDruidOnRolledUpEvents) { replay(kGolden / "druid-33.0.0", "native-events_rollup.jsonl.gz"); }

TEST(Golden, AnswersAsDruidOnWikiticker) {
  if (!fs::exists(shared_golden())) GTEST_SKIP() << "no recordings on wikiticker in " << shared_golden();
  replay(shared_golden(), "native-wikiticker.jsonl.gz");
}

TEST(Golden, AnswersAsDruidComponentByComponent) {
  if (!fs::exists(shared_golden())) GTEST_SKIP() << "no recordings of components in " << shared_golden();
  replay(shared_golden(), "native-components.jsonl.gz");
}

}  // namespace
}  // namespace sarsen::engine
