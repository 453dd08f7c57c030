// Any change of any recorded query ends in an answer or an Error that a user can read, in bounded time and memory.
// README.md says how to run it long.
#include "tests/mutation/query_mutation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "engine/exec/worker_pool.h"
#include "engine/query/query_engine.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "tests/support/checkout.h"
#include "tests/support/golden_cases.h"

namespace sarsen::engine {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kMutants = 2000;  // where nobody asks for more
constexpr unsigned kHangSeconds = 60;     // a query has a timeout of far less
constexpr std::int64_t kTimeoutMs = 2000;
constexpr std::size_t kGrowthBytesMax = std::size_t{1} << 30;  // from the first tenth of a run to its end

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

char current[4096] = "nothing";

void say_last_words(int signal) {
  const char* what = signal == SIGALRM ? "hangs on " : "crashes on ";
  static_cast<void>(!::write(STDERR_FILENO, what, std::char_traits<char>::length(what)));
  static_cast<void>(!::write(STDERR_FILENO, current, std::char_traits<char>::length(current)));
  static_cast<void>(!::write(STDERR_FILENO, "\n", 1));
  std::signal(signal, SIG_DFL);
  std::raise(signal == SIGALRM ? SIGABRT : signal);
}

std::size_t resident_bytes() {
  std::size_t pages = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

std::vector<Json> recorded_queries() {
  std::vector<Json> queries;
  const auto add = [&](const fs::path& path) {
    if (!fs::exists(path)) return;
    for (const GoldenCase& recorded : read_golden_cases(path)) queries.push_back(recorded.query);
  };
  const fs::path own = source_folder() / "tests/golden/druid-33.0.0";
  add(own / "native-events.jsonl.gz");
  add(own / "native-events_rollup.jsonl.gz");
  add(shared_folder() / "data/golden/native-components.jsonl.gz");
  add(shared_folder() / "data/golden/native-errors.jsonl.gz");
  return queries;
}

class QueryMutation : public testing::Test {
 protected:
  QueryMutation() : pool_(2), engine_(catalog_, pool_, {.query_bytes_max = std::size_t{256} << 20}) {
    set_log_level(LogLevel::kOff);
    load_golden_segments(source_folder() / "tests/golden/druid-33.0.0/segments", catalog_);
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM}) std::signal(signal, say_last_words);
  }
  ~QueryMutation() override {
    ::alarm(0);
    set_log_level(LogLevel::kInfo);
  }

  /// True for an answer.
  bool ask(const Json& body) {
    QueryControl control;
    control.set_deadline(Clock::now() + std::chrono::milliseconds(kTimeoutMs));
    std::size_t bytes = 0;
    try {
      const QueryPtr query = parse_query(body);
      engine_.run(*query, control, JsonStyle::kCompact, [&](std::string_view piece) { bytes += piece.size(); });
      return true;
    } catch (const Error& error) {
      if (error.category() == ErrorCategory::kDefensive || std::string_view(error.what()).empty())
        ADD_FAILURE() << error.what() << "\n  " << current;
    } catch (const std::exception& error) {
      ADD_FAILURE() << "not an Error but " << error.what() << "\n  " << current;
    }
    return false;
  }

  storage::Catalog catalog_;
  WorkerPool pool_;
  QueryEngine engine_;
};

TEST_F(QueryMutation, EndsInAnAnswerOrAnError) {
  const std::vector<Json> queries = recorded_queries();
  ASSERT_FALSE(queries.empty());
  const std::uint64_t first = setting("SARSEN_QUERY_MUTATION_FIRST", 0);
  const std::uint64_t count = setting("SARSEN_QUERY_MUTATIONS", kMutants);
  std::uint64_t answered = 0;
  std::size_t warm_bytes = 0;
  double slowest_ms = 0;
  for (std::uint64_t number = first; number < first + count && !HasFailure(); ++number) {
    const Json mutant = query_mutant(queries, number);
    fmt::format_to_n(current, sizeof(current) - 1, "mutant {}: {}", number, mutant.dump()).out[0] = '\0';
    ::alarm(kHangSeconds);
    const Clock::time_point begun = Clock::now();
    answered += ask(mutant) ? 1 : 0;
    slowest_ms = std::max(slowest_ms, std::chrono::duration<double, std::milli>(Clock::now() - begun).count());
    if (number - first == count / 10) warm_bytes = resident_bytes();
  }
  const std::size_t bytes = resident_bytes();
  fmt::print("{} mutants of {} queries: {} answered, slowest {:.0f} ms, {} MiB resident, {} MiB after a tenth\n", count,
             queries.size(), answered, slowest_ms, bytes >> 20, warm_bytes >> 20);
  EXPECT_LT(bytes, warm_bytes + kGrowthBytesMax);
}

}  // namespace
}  // namespace sarsen::engine
