// The shape that Druid's paper reports 22.9 k events a second and core for: thirty dimensions and nineteen metrics,
// with rollup. Events of one hour, rolled up by the minute: each belongs to one of 4,000 ads (Zipf), which decides 26
// of its dimensions (2 to 4,000 values each); country, device, browser and hour of the day are its own. The same seed
// gives the same events (SARSEN_BENCH_INGEST_ROWS of them, 300,000). Time is that of the processor, of all threads.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "bench/ingest/loaded_rows.h"
#include "ingest/incremental_index/persist.h"

namespace sarsen::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kAds = 4000;
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kStartMs = 1'704'067'200'000;  // 2024-01-01

/// Values of the dimensions that an ad decides.
constexpr std::array<unsigned, 26> kCardinalities{2,  2,  3,  3,  4,   5,   5,   7,   8,    10,   12,   16,   20,
                                                  24, 30, 40, 60, 100, 150, 250, 400, 1000, 1500, 2000, 3000, 4000};
constexpr std::size_t kLongMetrics = 11;
constexpr std::size_t kDoubleMetrics = 4;

std::string make_schema() {
  std::string dimensions = R"("country","device","browser","hourOfDay")";
  for (std::size_t i = 0; i < kCardinalities.size(); ++i) dimensions += fmt::format(R"(,"dimension{}")", i);
  std::string metrics = R"({"type":"count","name":"count"})";
  const auto add = [&metrics](std::string_view type, std::string_view field, std::string_view name) {
    metrics += fmt::format(R"(,{{"type":"{}","name":"{}","fieldName":"{}"}})", type, name, field);
  };
  for (std::size_t i = 0; i < kLongMetrics; ++i) add("longSum", fmt::format("long{}", i), fmt::format("sum_long{}", i));
  for (std::size_t i = 0; i < kDoubleMetrics; ++i)
    add("doubleSum", fmt::format("double{}", i), fmt::format("sum_double{}", i));
  add("longMax", "long0", "max_long0");
  add("doubleMin", "double0", "min_double0");
  add("doubleMax", "double0", "max_double0");
  return fmt::format(R"({{"dataSource":"wide","timestampSpec":{{"column":"timestamp","format":"millis"}},)"
                     R"("dimensionsSpec":{{"dimensions":[{}]}},"metricsSpec":[{}],)"
                     R"("granularitySpec":{{"segmentGranularity":"HOUR","queryGranularity":"MINUTE","rollup":true}}}})",
                     dimensions, metrics);
}

/// Numbers below `count`, the first ones the most common.
class Zipf {
 public:
  explicit Zipf(std::size_t count) {
    double sum = 0;
    for (std::size_t i = 1; i <= count; ++i) ends_.push_back(sum += 1.0 / static_cast<double>(i));
  }
  std::size_t operator()(std::mt19937& random) const {
    const double point = ends_.back() * static_cast<double>(random()) / 4294967296.0;
    return static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), point) - ends_.begin());
  }

 private:
  std::vector<double> ends_;
};

/// The part of an event that its ad decides.
std::vector<std::string> make_ads(std::mt19937& random) {
  std::vector<std::string> ads(kAds);
  for (std::string& ad : ads)
    for (std::size_t i = 0; i < kCardinalities.size(); ++i)
      ad +=
          fmt::format(R"("dimension{}":"value {} of {}",)", i, static_cast<unsigned>(random()) % kCardinalities[i], i);
  return ads;
}

void add_event(std::mt19937& random, const std::string& ad, std::int64_t time_ms, const Zipf& countries,
               std::string& text) {
  static constexpr std::string_view kDevices[] = {"phone", "tablet", "desktop", "tv"};
  static constexpr std::string_view kBrowsers[] = {"chrome", "safari", "firefox", "edge", "other"};
  const auto below = [&random](unsigned end) { return static_cast<unsigned>(random()) % end; };
  text += fmt::format(R"({{"timestamp":{},{}"country":"country {}","device":"{}","browser":"{}","hourOfDay":"0")",
                      time_ms, ad, countries(random), kDevices[below(4) & below(4)], kBrowsers[below(5) & below(5)]);
  for (std::size_t i = 0; i < kLongMetrics; ++i) text += fmt::format(R"(,"long{}":{})", i, below(10U << i));
  for (std::size_t i = 0; i < kDoubleMetrics; ++i)
    text += fmt::format(R"(,"double{}":{}.{:02})", i, below(100), below(100));
  text += "}\n";
}

std::string make_events() {
  const char* wanted = std::getenv("SARSEN_BENCH_INGEST_ROWS");
  const std::size_t count = wanted == nullptr ? 300'000 : std::strtoull(wanted, nullptr, 10);
  std::mt19937 random(1);
  const std::vector<std::string> ads = make_ads(random);
  const Zipf ad_numbers(kAds);
  const Zipf countries(20);
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    add_event(random, ads[ad_numbers(random)],
              kStartMs + static_cast<std::int64_t>(i) * kHourMs / static_cast<std::int64_t>(count), countries, text);
  return text;
}

const std::string& events() {
  static const std::string text = make_events();
  return text;
}

LoadedRows load() {
  static const std::string schema = make_schema();
  return {schema, {kStartMs, kStartMs + kHourMs}, events()};
}

void count_events(benchmark::State& state, std::uint32_t row_count) {
  const auto count = std::count(events().begin(), events().end(), '\n');
  state.SetItemsProcessed(state.iterations() * count);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(events().size()));
  state.counters["events_per_row"] = static_cast<double>(count) / row_count;
}

void wide_events_to_queryable(benchmark::State& state) {
  events();
  std::uint32_t row_count = 0;
  for (auto _ : state) row_count = load().index().row_count();
  count_events(state, row_count);
}

/// With reading them.
void wide_events_to_segment(benchmark::State& state) {
  events();
  const fs::path folder = fs::temp_directory_path() / fmt::format("sarsen-wide-bench-{}", ::getpid());
  std::uint32_t row_count = 0;
  std::uint64_t size_bytes = 0;
  for (auto _ : state) {
    const LoadedRows loaded = load();
    row_count = loaded.index().row_count();
    size_bytes = ingest::persist(*loaded.index().snapshot(), folder);
    state.PauseTiming();
    fs::remove_all(folder);
    state.ResumeTiming();
  }
  count_events(state, row_count);
  state.counters["bytes_per_row"] = static_cast<double>(size_bytes) / row_count;
}

BENCHMARK(wide_events_to_queryable)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
BENCHMARK(wide_events_to_segment)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sarsen::bench
