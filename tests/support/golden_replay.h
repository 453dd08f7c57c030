#pragma once
// Asks recorded queries of a catalog and compares the answers with those of stock Druid. Used by tests that link the
// engine. Not thread-safe.

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/exec/worker_pool.h"
#include "engine/lookup/lookup_registry.h"
#include "engine/query/query.h"
#include "engine/query/query_engine.h"
#include "storage/base/error.h"
#include "storage/base/whole_file.h"
#include "tests/support/golden_cases.h"
#include "tests/support/golden_judge.h"

namespace sarsen {

/// While it lives, the lookups are registered that stock Druid knew when it was asked: those of the body that was
/// posted to it, where that file is there.
class GoldenLookups {
 public:
  explicit GoldenLookups(const std::filesystem::path& path) {
    engine::LookupRegistry::Lookups lookups;
    if (std::filesystem::exists(path)) {
      const Json document = Json::parse(read_whole_file(path));
      for (const auto& [name, lookup] : JsonField(document)["__default"].members())
        lookups.emplace(name, engine::parse_registered_lookup(lookup));
    }
    engine::lookup_registry().replace_all(std::move(lookups));
  }
  ~GoldenLookups() { engine::lookup_registry().replace_all({}); }
  GoldenLookups(const GoldenLookups&) = delete;
  GoldenLookups& operator=(const GoldenLookups&) = delete;
};

class GoldenReplay {
 public:
  struct Tally {
    std::size_t passed = 0;
    std::size_t failed = 0;
    std::size_t not_built = 0;
  };

  GoldenReplay(const storage::Catalog& catalog, std::size_t threads) : pool_(threads), engine_(catalog, pool_) {}

  void ask_all(const std::vector<GoldenCase>& cases) {
    for (const GoldenCase& recorded : cases) count(recorded, ask(recorded));
  }

  std::size_t passed() const { return passed_; }
  /// One text for each case that was answered otherwise than by Druid.
  const std::vector<std::string>& differences() const { return differences_; }
  /// By query type.
  const std::map<std::string, Tally>& tallies() const { return tallies_; }

 private:
  enum class Outcome { kPassed, kFailed, kNotBuilt };

  std::string answer(const Json& body) {
    const engine::QueryPtr query = engine::parse_query(body);
    engine::QueryControl control;
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
    if (error.category() == ErrorCategory::kUnsupported) return Outcome::kNotBuilt;
    if (recorded.status == 200) return unknown ? Outcome::kNotBuilt : fail(recorded, "refused: " + message);
    const bool refused =
        error.category() == ErrorCategory::kInvalidInput || error.category() == ErrorCategory::kResourceLimit;
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

  engine::WorkerPool pool_;
  engine::QueryEngine engine_;
  std::map<std::string, Tally> tallies_;
  std::size_t passed_ = 0;
  std::vector<std::string> differences_;
};

}  // namespace sarsen
