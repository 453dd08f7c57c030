// Merging ten segments of one day, SARSEN_BENCH_MERGE_ROWS rows each (a million), with rollup and without. The rows are
// sorted and overlap in time everywhere: nothing can be copied in long runs. `peak_MiB` is the greatest size of the
// process while it merged, with the pages of the segments that it read.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "engine/sketch/hyper_unique.h"
#include "engine/sketch/murmur3.h"
#include "ingest/merge/merge_segments.h"
#include "storage/segment/mapped_segment.h"
#include "storage/segment/segment_writer.h"

namespace sarsen::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSegments = 10;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kStartMs = 1'704'067'200'000;
constexpr std::size_t kPages = 5000;
constexpr std::size_t kCountries = 50;
constexpr std::size_t kTags = 7;

std::size_t rows_per_segment() {
  const char* rows = std::getenv("SARSEN_BENCH_MERGE_ROWS");
  return rows == nullptr ? 1'000'000 : std::strtoull(rows, nullptr, 10);
}

/// "Page 0001" and so on: numbers in the order of the texts.
class Names {
 public:
  Names(const std::string& prefix, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) texts_.push_back(prefix + std::to_string(10'000 + i));
    for (const std::string& text : texts_) dictionary_.emplace_back(text);
  }
  const std::vector<std::optional<std::string_view>>& dictionary() const { return dictionary_; }

 private:
  std::vector<std::string> texts_;
  std::vector<std::optional<std::string_view>> dictionary_;
};

struct Row {
  std::uint32_t minute;
  std::uint32_t country;
  std::uint32_t device;
  std::uint32_t page;
  std::uint32_t user;
  auto key() const { return std::tie(minute, country, device, page); }
};

/// Few pages are asked for often and many seldom, as in life.
std::vector<Row> make_rows(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Row> rows(count);
  for (Row& row : rows) {
    const double share = static_cast<double>(random()) / 4294967296.0;
    row.page = static_cast<std::uint32_t>(static_cast<double>(kPages) * share * share * share * share);
    row.country = row.page % kCountries;
    row.device = static_cast<std::uint32_t>(random() % 5);
    row.minute = static_cast<std::uint32_t>(random() % 1440);
    row.user = static_cast<std::uint32_t>(random() % 100'000);
  }
  std::sort(rows.begin(), rows.end(), [](const Row& left, const Row& right) { return left.key() < right.key(); });
  return rows;
}

Json metadata() {
  return Json::parse(
      R"({"container":{},"aggregators":[{"type":"longSum","name":"added","fieldName":"added"},)"
      R"({"type":"longSum","name":"count","fieldName":"count"},{"type":"doubleSum","name":"price","fieldName":"price"},)"
      R"({"type":"hyperUnique","name":"users","fieldName":"users","isInputHyperUnique":false,"round":false}],)"
      R"("timestampSpec":null,"queryGranularity":"MINUTE","rollup":true})");
}

void write_rows(const fs::path& path, const std::vector<Row>& rows) {
  static const Names pages("Page ", kPages);
  static const Names countries("Country ", kCountries);
  static const Names tags("tag ", kTags);
  std::vector<std::int64_t> times_ms, devices, added;
  std::vector<double> prices;
  std::vector<std::uint32_t> page_ids, country_ids, tag_ids, tag_offsets{0};
  const std::vector<std::int64_t> counts(rows.size(), 1);
  for (const Row& row : rows) {
    times_ms.push_back(kStartMs + 60'000 * row.minute);
    country_ids.push_back(row.country);
    devices.push_back(row.device);
    page_ids.push_back(row.page);
    tag_ids.insert(tag_ids.end(), {row.page % 3, 3 + row.page % 4});
    tag_offsets.push_back(static_cast<std::uint32_t>(tag_ids.size()));
    added.push_back(row.user % 1000);
    prices.push_back(static_cast<double>(row.user) / 100);
  }
  std::string sketch;
  const auto users = [&](std::uint32_t i) -> std::optional<std::span<const std::byte>> {
    engine::sketch::HyperUnique unique;
    unique.add(engine::sketch::murmur3(std::to_string(rows[i].user), engine::sketch::kGuavaSeed));
    sketch = unique.bytes();
    return std::as_bytes(std::span(sketch));
  };
  using Longs = storage::NumericColumnData<std::int64_t>;
  storage::SegmentData data;
  data.interval = {kStartMs, kStartMs + kDayMs};
  data.times_ms = times_ms;
  data.metadata = metadata();
  data.dimensions = {
      {"country", storage::StringColumnData{.dictionary = countries.dictionary(), .ids = country_ids}},
      {"device", Longs{.values = devices}},
      {"page", storage::StringColumnData{.dictionary = pages.dictionary(), .ids = page_ids}},
      {"tags", storage::StringColumnData{.dictionary = tags.dictionary(), .ids = tag_ids, .offsets = tag_offsets}}};
  data.metrics = {{"count", Longs{.values = counts}},
                  {"added", Longs{.values = added}},
                  {"price", storage::NumericColumnData<double>{.values = prices}},
                  {"users", storage::ComplexColumnData{.type = "hyperUnique", .value = users}}};
  storage::write_segment(path, data);
}

/// A folder with the segments, made at first use and removed at the end.
class Inputs {
 public:
  Inputs() {
    std::string pattern = (fs::temp_directory_path() / "sarsen-merge-bench-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    for (std::size_t i = 0; i < kSegments; ++i)
      write_rows(folder_ / std::to_string(i), make_rows(rows_per_segment(), static_cast<unsigned>(i)));
  }
  ~Inputs() { fs::remove_all(folder_); }
  Inputs(const Inputs&) = delete;
  Inputs& operator=(const Inputs&) = delete;

  std::vector<std::shared_ptr<const storage::Segment>> open() const {
    std::vector<std::shared_ptr<const storage::Segment>> segments;
    for (std::size_t i = 0; i < kSegments; ++i) segments.push_back(storage::open_segment(folder_ / std::to_string(i)));
    return segments;
  }
  fs::path target() const { return folder_ / "merged"; }

 private:
  fs::path folder_;
};

/// Since the last call of forget_peak(); 0 where the system does not say.
double peak_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kib = 0;
    if (word == "VmHWM:" && status >> kib) return kib / 1024;
  }
  return 0;
}

void forget_peak() { std::ofstream("/proc/self/clear_refs") << 5; }

void merge(benchmark::State& state, bool rollup) {
  static const Inputs inputs;
  ingest::MergeReport report;
  forget_peak();
  for (auto _ : state) {
    report = ingest::merge_segments(inputs.open(), {.rollup = rollup}, inputs.target());
    state.PauseTiming();
    fs::remove_all(inputs.target());
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(report.rows_in));
  state.counters["rows_out"] = static_cast<double>(report.rows_out);
  state.counters["MiB_in"] = static_cast<double>(report.bytes_in) / 1048576;
  state.counters["MiB_out"] = static_cast<double>(report.bytes_out) / 1048576;
  state.counters["peak_MiB"] = peak_mib();
}

BENCHMARK_CAPTURE(merge, plain, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(merge, rollup, true)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sarsen::bench
