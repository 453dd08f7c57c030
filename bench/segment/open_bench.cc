// Finding and opening many small segments: what a server with a full disk does before its first answer. The folder is
// made of hard links of the five rows of the tutorial, each with a descriptor of its own.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "storage/base/interval.h"
#include "storage/base/json.h"
#include "storage/segment/segment_descriptor.h"
#include "storage/segment/segment_finder.h"
#include "storage/segment/timeline.h"

namespace sarsen::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSegments = 10'000;

std::size_t segment_count() {
  const char* text = std::getenv("SARSEN_BENCH_SEGMENTS");
  return text == nullptr ? kSegments : std::strtoull(text, nullptr, 10);
}

// Four partitions of each hour.
std::string descriptor(std::size_t number) {
  constexpr std::int64_t kHourMs = 3'600'000;
  constexpr std::size_t kPartitions = 4;
  const auto start_ms = static_cast<std::int64_t>(number / kPartitions) * kHourMs;
  return fmt::format(R"({{"dataSource":"wikipedia","interval":"{}",
"version":"2026-11-23T04:56:22.821Z","loadSpec":{{"type":"local","path":"."}},
"dimensions":"page,language,user,unpatrolled,newPage,robot,anonymous,namespace,continent,country,region,city",
"metrics":"count,added,deleted,delta","shardSpec":{{"type":"numbered","partitionNum":{},"partitions":0}},
"binaryVersion":9,"size":7479}})",
                     format_iso(Interval{start_ms, start_ms + kHourMs}), number % kPartitions);
}

/// Removed at the end of the process.
class ManySegments {
 public:
  explicit ManySegments(std::size_t count)
      : folder_(fs::temp_directory_path() / fmt::format("sarsen_open_bench_{}", ::getpid())) {
    for (std::size_t i = 0; i < count; ++i) add(i);
  }
  ~ManySegments() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  const fs::path& folder() const { return folder_; }

 private:
  void add(std::size_t number) {
    const fs::path original = fs::path(SARSEN_SOURCE_DIR) / "tests/golden/druid-33.0.0/segments/wikipedia/2013-08-31";
    const fs::path folder = folder_ / fmt::format("{:05}", number);
    fs::create_directories(folder);
    for (const char* name : {"00000.smoosh", "factory.json", "meta.smoosh", "version.bin"})
      link(original / name, folder / name);
    std::ofstream(folder / "descriptor.json") << descriptor(number);
  }

  // A copy where the folder is on another file system.
  static void link(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::create_hard_link(from, to, error);
    if (error) fs::copy_file(from, to);
  }

  fs::path folder_;
};

// Of the heap; pages of mapped files are the page cache's.
std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  std::size_t of_files = 0;
  file >> total >> resident >> of_files;
  return (resident - of_files) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t line_count(const char* path) {
  std::ifstream file(path);
  return static_cast<std::size_t>(std::count(std::istreambuf_iterator<char>(file), {}, '\n'));
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

void find_and_open(benchmark::State& state) {
  static const ManySegments segments(segment_count());
  double heap_bytes = 0;  // of the first round: the later ones take what that one gave back
  for (auto _ : state) {
    const std::size_t resident_before = resident_bytes();
    const storage::FoundSegments found = storage::find_segments(segments.folder());
    state.PauseTiming();
    if (found.segments.size() != segment_count()) state.SkipWithError("not all segments could be opened");
    const auto count = static_cast<double>(found.segments.size());
    heap_bytes = std::max(heap_bytes, static_cast<double>(resident_bytes()) - static_cast<double>(resident_before));
    state.counters["heap_bytes_each"] = heap_bytes / count;
    state.counters["maps_each"] = static_cast<double>(line_count("/proc/self/maps")) / count;
    state.counters["descriptors"] = static_cast<double>(open_descriptors());
    state.counters["segments"] = count;
    state.ResumeTiming();
  }
}
// Closing them all is part of the time.
BENCHMARK(find_and_open)->Unit(benchmark::kMillisecond)->UseRealTime();

// What a server does with them next.
void add_to_timeline(benchmark::State& state) {
  std::vector<storage::SegmentId> ids;
  for (std::size_t i = 0; i < segment_count(); ++i)
    ids.push_back(storage::SegmentDescriptor::parse(Json::parse(descriptor(i))).id);
  for (auto _ : state) {
    storage::Timeline timeline;
    for (const storage::SegmentId& id : ids) timeline.add({id, 0, Json(), nullptr});
    benchmark::DoNotOptimize(timeline.empty());
  }
  state.counters["segments"] = static_cast<double>(ids.size());
}
BENCHMARK(add_to_timeline)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sarsen::bench
