#include "server/cli/bench/bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include "engine/exec/memory_bandwidth.h"
#include "engine/exec/worker_pool.h"
#include "engine/query/query_engine.h"
#include "server/cli/bench/workloads.h"
#include "server/cli/exit_status.h"
#include "server/cli/output.h"
#include "server/cli/progress_bar.h"
#include "server/cli/served_segments.h"
#include "server/cli/table.h"
#include "server/cli/text_file.h"
#include "storage/cache/block_cache.h"
#include "storage/map/segment_map.h"
#include "storage/segment/segment_files.h"
#include "storage/segment/segment_finder.h"

namespace sarsen::server {
namespace {

using Clock = std::chrono::steady_clock;
using storage::BlockCache;
using storage::Segment;

constexpr const char* kName = "bench";  // of segments that say nothing of their data source
constexpr std::size_t kBandwidthBytes = std::size_t{256} << 20;
constexpr std::size_t kCacheBytes = std::size_t{4} << 30;
constexpr std::size_t kRunsMin = 3;
constexpr std::size_t kRunsMax = 10'000;

/// All segments, as one union of data sources.
struct Benched {
  storage::Catalog catalog;
  Json data_source;
  std::vector<std::shared_ptr<const Segment>> segments;
  Interval interval{INT64_MAX, INT64_MIN};
  std::uint64_t rows = 0;
  std::map<std::string, std::uint64_t> value_bytes;  // by column, decoded
};

struct Measured {
  const Workload* workload;
  std::size_t runs;
  double cold_ms;
  double min_ms;
  double median_ms;
  std::uint64_t bytes;
};

/// Ids, offsets and values: what a scan goes through.
std::uint64_t scanned_bytes(const storage::Part& part) {
  if (part.parts.empty()) return part.decoded;
  std::uint64_t sum = 0;
  for (const storage::Part& piece : part.parts)
    if (piece.name == "ids" || piece.name == "values") sum += piece.decoded;
  return sum;
}

void add_value_bytes(const std::filesystem::path& path, Benched& benched) {
  const storage::StoredFiles files = storage::open_segment_files(path);
  for (const storage::MappedPart& mapped : storage::map_segment(files, storage::Smoosh(files)).parts)
    benched.value_bytes[mapped.group] += scanned_bytes(mapped.part);
}

void find(const BenchOptions& options, Benched& benched) {
  for (const std::string& path : options.segments) {
    serve_segment_folder({kName, path}, benched.catalog);
    for (const auto& found : storage::segment_paths(path)) add_value_bytes(found, benched);
  }
  Json::Array sources;
  const auto timelines = benched.catalog.snapshot();
  for (const auto& [name, timeline] : *timelines) {
    sources.emplace_back(name);
    for (const auto& [id, entry] : timeline->entries()) {
      benched.interval = {std::min(benched.interval.start_ms, id.interval.start_ms),
                          std::max(benched.interval.end_ms, id.interval.end_ms)};
      for (auto& segment : entry.segment->acquire()) {
        benched.rows += segment->row_count();
        benched.segments.push_back(std::move(segment));
      }
    }
  }
  if (benched.segments.empty())
    throw Error(ErrorCategory::kInvalidInput, "No segment was found below: " + options.segments.front());
  benched.data_source = Json::Object{{"type", "union"}, {"dataSources", sources}};
}

std::vector<Workload> workloads_of(const BenchOptions& options, const Benched& benched) {
  const Segment& first = *benched.segments.front();
  if (options.queries.empty()) return standard_workloads(first, benched.data_source, benched.interval);
  std::vector<Workload> workloads;
  for (const std::string& file : options.queries)
    workloads.push_back(user_workload(file, Json::parse(read_text(file)), benched.data_source, first));
  return workloads;
}

double run_once(const engine::QueryEngine& engine, const engine::Query& query) {
  engine::QueryControl control;
  const auto begin = Clock::now();
  engine.run(query, control, JsonStyle::kCompact, [](std::string_view) {});
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

void empty_block_cache() {
  BlockCache::shared().set_budget_bytes(0);
  BlockCache::shared().set_budget_bytes(kCacheBytes);
}

Measured measure(const Workload& workload, const engine::QueryEngine& engine, const Benched& benched, double seconds) {
  const engine::QueryPtr query = engine::parse_query(workload.query);
  empty_block_cache();
  Measured measured{&workload, 0, run_once(engine, *query), 0, 0, 0};
  std::vector<double> times_ms;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (times_ms.size() < kRunsMin || (Clock::now() < end && times_ms.size() < kRunsMax))
    times_ms.push_back(run_once(engine, *query));
  std::ranges::sort(times_ms);
  measured.runs = times_ms.size();
  measured.min_ms = times_ms.front();
  measured.median_ms = times_ms[times_ms.size() / 2];
  for (const std::string& column : workload.columns)
    if (const auto bytes = benched.value_bytes.find(column); bytes != benched.value_bytes.end())
      measured.bytes += bytes->second;
  return measured;
}

double per_second(std::uint64_t amount, double ms) { return ms <= 0 ? 0 : static_cast<double>(amount) * 1000 / ms; }

void print_table(const std::vector<Measured>& results, const Benched& benched, double bandwidth, std::size_t threads) {
  Table table({"query", "runs", "cold ms", "min ms", "median ms", "M rows/s", "MB/s", "of memory"});
  for (const Measured& result : results) {
    const double bytes_per_second = per_second(result.bytes, result.median_ms);
    table.add_row({result.workload->name, std::to_string(result.runs), fmt::format("{:.3f}", result.cold_ms),
                   fmt::format("{:.3f}", result.min_ms), fmt::format("{:.3f}", result.median_ms),
                   fmt::format("{:.1f}", per_second(benched.rows, result.median_ms) / 1e6),
                   fmt::format("{:.0f}", bytes_per_second / 1e6),
                   fmt::format("{:.1f} %", 100 * bytes_per_second / bandwidth)});
  }
  write_out(
      fmt::format("{} segments, {} rows; {} threads, memory reads {:.1f} GB/s\n"
                  "cold: the first run, with no block decoded; the others find them in the cache\n\n{}",
                  benched.segments.size(), with_separators(benched.rows), threads, bandwidth / 1e9, table.text()));
}

void print_json(const std::vector<Measured>& results, const Benched& benched, double bandwidth, std::size_t threads) {
  JsonWriter json(JsonStyle::kPretty);
  json.begin_object().key("segments").integer(static_cast<std::int64_t>(benched.segments.size()));
  json.key("rows").integer(static_cast<std::int64_t>(benched.rows));
  json.key("threads").integer(static_cast<std::int64_t>(threads));
  json.key("memoryBytesPerSecond").number(bandwidth).key("results").begin_array();
  for (const Measured& result : results) {
    const double bytes_per_second = per_second(result.bytes, result.median_ms);
    json.begin_object().key("query").string(result.workload->name);
    json.key("runs").integer(static_cast<std::int64_t>(result.runs)).key("coldMs").number(result.cold_ms);
    json.key("minMs").number(result.min_ms).key("medianMs").number(result.median_ms);
    json.key("rowsPerSecond").number(per_second(benched.rows, result.median_ms));
    json.key("bytes").integer(static_cast<std::int64_t>(result.bytes));
    json.key("bytesPerSecond").number(bytes_per_second);
    json.key("shareOfMemory").number(bytes_per_second / bandwidth).end_object();
  }
  json.end_array().end_object();
  write_out(json.text() + "\n");
}

}  // namespace

int bench(const BenchOptions& options) {
  end_quietly_on_signals();
  Benched benched;
  find(options, benched);
  const std::vector<Workload> workloads = workloads_of(options, benched);
  engine::WorkerPool pool(options.threads);
  const std::size_t threads = std::max<std::size_t>(1, pool.threads());
  const double bandwidth = engine::measure_read_bandwidth(kBandwidthBytes, threads);
  const engine::QueryEngine engine(benched.catalog, pool);
  std::vector<Measured> results;
  {
    ProgressBar bar;
    for (const Workload& workload : workloads) {
      bar.update(results.size(), workloads.size(), workload.name);
      results.push_back(measure(workload, engine, benched, options.seconds));
    }
  }
  options.json ? print_json(results, benched, bandwidth, threads) : print_table(results, benched, bandwidth, threads);
  return kSuccess;
}

}  // namespace sarsen::server
