// Any damage of any fixture ends in values or an Error, in bounded time and memory. README.md says how to run it long.
#include "tests/fuzz/mutation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "storage/base/log.h"
#include "storage/segment/mapped_segment.h"
#include "storage/segment/open_stored_segment.h"
#include "tests/mutation/allocation_limit.h"
#include "tests/mutation/segment_mutation.h"
#include "tests/mutation/segment_parts.h"
#include "tests/storage/segment/read_everything.h"
#include "tests/support/checkout.h"

namespace sarsen::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMutants = 20;      // of each fixture, where nobody asks for more
constexpr std::uint32_t kSmallRows = 1000;  // fixtures with more rows have fewer mutants
constexpr std::uint64_t kLargeFixtureShare = 10;
constexpr std::uint32_t kRowsMax = 1U << 20;  // few bytes can stand for many rows: these are opened, not read
constexpr std::size_t kSingleBytesMax = 64U << 20;
constexpr std::size_t kTotalBytesMax = 256U << 20;
constexpr int kSecondsMax = 30;  // of the processor for one mutant, under sanitizers

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void add_fixtures(const fs::path& root, std::map<std::string, fs::path>& fixtures) {
  if (!fs::is_directory(root)) return;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (name != "version.bin" && name != "index.zip") continue;
    const fs::path path = name == "index.zip" ? entry.path() : entry.path().parent_path();
    std::string label = fs::relative(entry.path().parent_path(), root).string();
    std::ranges::replace_if(label, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    fixtures.emplace(label, path);
  }
}

std::map<std::string, fs::path> fixtures() {
  std::map<std::string, fs::path> all;
  add_fixtures(source_folder() / "tests/golden/segments", all);
  add_fixtures(source_folder() / "tests/golden/druid-33.0.0/segments", all);
  add_fixtures(shared_folder() / "data/druid-segments", all);
  return all;
}

// What is running, for the last words of a crash or a hang.
char current[512] = "nothing";

void say_last_words(int signal) {
  const char* what = signal == SIGVTALRM ? "hangs on " : "crashes on ";
  static_cast<void>(!::write(STDERR_FILENO, what, std::char_traits<char>::length(what)));
  static_cast<void>(!::write(STDERR_FILENO, current, std::char_traits<char>::length(current)));
  static_cast<void>(!::write(STDERR_FILENO, "\n", 1));
  std::signal(signal, SIG_DFL);
  std::raise(signal == SIGVTALRM ? SIGABRT : signal);
}

void limit_time(int seconds) {
  const itimerval timer{{0, 0}, {seconds, 0}};
  ::setitimer(ITIMER_VIRTUAL, &timer, nullptr);
}

double processor_ms() { return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Only the columns that a changed logical file can belong to; all where it is a file of the whole segment.
void read_touched(const Segment& segment, const std::string& part) {
  std::vector<std::string> names = segment.dimensions();
  names.insert(names.end(), segment.metrics().begin(), segment.metrics().end());
  std::erase_if(names, [&](const std::string& name) { return !part.starts_with(name); });
  if (names.empty()) {
    read_everything(segment);
    return;
  }
  for (const std::string& name : names) read_column(*segment.column(name));
}

void touch_columns(const Segment& segment) {
  for (const auto* names : {&segment.dimensions(), &segment.metrics()}) {
    for (const std::string& name : *names) segment.column(name);
  }
}

struct Outcome {
  std::uint64_t answered = 0;
  std::uint64_t refused = 0;
  double slowest_ms = 0;
  std::size_t largest_bytes = 0;
  std::size_t peak_bytes = 0;
};

// `open` gives the segment; true where all went well.
template <class Open>
bool survives(const std::string& part, Outcome& outcome, Open&& open) {
  const double begin_ms = processor_ms();
  limit_time(kSecondsMax);
  AllocationLimit limit(kSingleBytesMax, kTotalBytesMax);
  std::string problem;
  try {
    const std::shared_ptr<const Segment> segment = open();
    segment->row_count() <= kRowsMax ? read_touched(*segment, part) : touch_columns(*segment);
    ++outcome.answered;
  } catch (const Error& error) {
    if (error.category() == ErrorCategory::kDefensive || std::string_view(error.what()).empty()) problem = error.what();
    ++outcome.refused;
  } catch (const std::exception& error) {
    problem = std::string("not an Error but ") + error.what();
  }
  limit_time(0);
  if (limit.exceeded()) problem += fmt::format("; asked for {} bytes", limit.largest_bytes());
  outcome.slowest_ms = std::max(outcome.slowest_ms, processor_ms() - begin_ms);
  outcome.largest_bytes = std::max(outcome.largest_bytes, limit.largest_bytes());
  outcome.peak_bytes = std::max(outcome.peak_bytes, limit.peak_bytes());
  if (!problem.empty()) ADD_FAILURE() << current << ": " << problem;
  return problem.empty();
}

void report(const std::string& label, const Outcome& outcome) {
  fmt::print("{}: {} mutants, {} answered, {} refused, slowest {:.0f} ms, largest allocation {} KiB, peak {} KiB\n",
             label, outcome.answered + outcome.refused, outcome.answered, outcome.refused, outcome.slowest_ms,
             outcome.largest_bytes >> 10, outcome.peak_bytes >> 10);
  std::fflush(stdout);
}

class Mutation : public testing::TestWithParam<std::pair<const std::string, fs::path>> {
 protected:
  Mutation() {
    set_log_level(LogLevel::kOff);
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGVTALRM}) std::signal(signal, say_last_words);
  }
  ~Mutation() override { set_log_level(LogLevel::kInfo); }

  const std::uint64_t first_ = setting("SARSEN_MUTATION_FIRST", 0);
  const std::uint64_t count_ = setting("SARSEN_MUTATIONS", kMutants);
};

// Nothing where the segment is refused, as those of other versions are.
std::shared_ptr<const Segment> open_or_nothing(StoredFiles files) {
  try {
    return open_stored_segment(std::move(files), "memory");
  } catch (const Error&) {
    return nullptr;
  }
}

TEST_P(Mutation, EndsInValuesOrAnError) {
  const auto& [label, path] = GetParam();
  const SegmentParts parts(path);
  std::uint64_t count = count_;
  if (!parts.logical_files().empty()) {
    if (const auto segment = open_or_nothing(parts.whole())) {
      EXPECT_EQ(read_everything(*segment), read_everything(*open_segment(path)));
      if (segment->row_count() > kSmallRows) count = (count + kLargeFixtureShare - 1) / kLargeFixtureShare;
    }
  }
  Outcome outcome;
  int failures = 0;
  for (std::uint64_t number = first_; number < first_ + count && failures < 5; ++number) {
    Mutant mutant = mutant_of(parts, number);
    fmt::format_to_n(current, sizeof(current) - 1, "{}, mutant {}, {} {}", label, number,
                     mutant.logical ? "logical file" : "file", mutant.part)
        .out[0] = '\0';
    const auto open = [&] { return open_stored_segment(std::move(mutant.files), "mutant"); };
    if (!survives(mutant.logical ? mutant.part : "", outcome, open)) ++failures;
  }
  report(label, outcome);
}

TEST_P(Mutation, OfAnArchiveEndsInValuesOrAnError) {
  const auto& [label, path] = GetParam();
  if (path.extension() != ".zip") return;
  std::ifstream stream(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  const fs::path changed = fs::path(testing::TempDir()) / fmt::format("sarsen_mutation_{}.zip", ::getpid());
  Outcome outcome;
  int failures = 0;
  for (std::uint64_t number = first_; number < first_ + count_ && failures < 5; ++number) {
    std::ofstream(changed, std::ios::binary) << mutate(bytes, number);
    fmt::format_to_n(current, sizeof(current) - 1, "{}, mutant {} of the archive", label, number).out[0] = '\0';
    if (!survives("", outcome, [&] { return open_segment(changed); })) ++failures;
  }
  fs::remove(changed);
  report(label + " (archive)", outcome);
}

INSTANTIATE_TEST_SUITE_P(Fixtures, Mutation, testing::ValuesIn(fixtures()),
                         [](const auto& fixture) { return fixture.param.first; });

TEST(AllocationLimit, RefusesWhatIsTooMuch) {
  const AllocationLimit limit(1000, 1500);
  EXPECT_THROW(std::string(2000, 'x'), std::bad_alloc);
  EXPECT_TRUE(limit.exceeded());
  EXPECT_GE(limit.largest_bytes(), 2000u);
}

TEST(AllocationLimit, CountsWhatIsAlive) {
  const AllocationLimit limit(1000, 1500);
  for (int i = 0; i < 10; ++i) std::string(900, 'x');
  EXPECT_FALSE(limit.exceeded());
  const std::string kept(900, 'x');
  EXPECT_THROW(std::string(900, 'y'), std::bad_alloc);
  EXPECT_GE(limit.peak_bytes(), 900u);
}

}  // namespace
}  // namespace sarsen::storage
