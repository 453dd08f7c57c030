// Rows of NDJSON to an index that answers queries, and from there to a finished segment, one writer each. The rows have
// the sixteen fields of TPC-H lineitem, made at random with its numbers of distinct values
// (SARSEN_BENCH_INGEST_ROWS of them, 300,000); SARSEN_BENCH_NDJSON names a file of real ones instead. Time is that of
// the processor, of all threads: items_per_second is rows per second of one processor.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <string_view>

#include "bench/ingest/loaded_rows.h"
#include "ingest/incremental_index/persist.h"

namespace sarsen::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSchema = R"({"dataSource": "lineitem",
  "timestampSpec": {"column": "l_shipdate", "format": "auto"},
  "dimensionsSpec": {"dimensions": ["l_orderkey", "l_partkey", "l_suppkey", "l_linenumber", "l_returnflag",
    "l_linestatus", "l_shipdate", "l_commitdate", "l_receiptdate", "l_shipinstruct", "l_shipmode", "l_comment"]},
  "metricsSpec": [{"type": "longSum", "name": "l_quantity", "fieldName": "l_quantity"},
    {"type": "doubleSum", "name": "l_extendedprice", "fieldName": "l_extendedprice"},
    {"type": "doubleSum", "name": "l_discount", "fieldName": "l_discount"},
    {"type": "doubleSum", "name": "l_tax", "fieldName": "l_tax"}],
  "granularitySpec": {"segmentGranularity": "ALL", "queryGranularity": "NONE", "rollup": false}})";

constexpr Interval kYears{694'224'000'000, 946'684'800'000};  // 1992 to 1999

std::string date(unsigned day) {
  return fmt::format("19{}-{:02}-{:02}", 92 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
}

std::string make_row(std::mt19937& random, std::size_t number) {
  static constexpr std::string_view kModes[] = {"AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK"};
  static constexpr std::string_view kInstructions[] = {"COLLECT COD", "DELIVER IN PERSON", "NONE", "TAKE BACK RETURN"};
  static constexpr std::string_view kFlags[] = {"A", "N", "R"};
  const auto below = [&random](unsigned end) { return static_cast<unsigned>(random()) % end; };
  const unsigned day = below(2300);
  return fmt::format(
      R"({{"l_orderkey":{},"l_partkey":{},"l_suppkey":{},"l_linenumber":{},"l_quantity":{},"l_extendedprice":{}.{:02},)"
      R"("l_discount":0.{:02},"l_tax":0.{:02},"l_returnflag":"{}","l_linestatus":"{}","l_shipdate":"{}",)"
      R"("l_commitdate":"{}","l_receiptdate":"{}","l_shipinstruct":"{}","l_shipmode":"{}","l_comment":"{:x} deposits {:x}"}})"
      "\n",
      number / 4 + 1, below(200'000) + 1, below(10'000) + 1, number % 4 + 1, below(50) + 1, below(100'000), below(100),
      below(11), below(9), kFlags[below(3)], "FO"[below(2)], date(day), date(day + below(30)), date(day + below(30)),
      kInstructions[below(4)], kModes[below(7)], random(), random());
}

std::string made_rows() {
  const char* wanted = std::getenv("SARSEN_BENCH_INGEST_ROWS");
  const std::size_t count = wanted == nullptr ? 300'000 : std::strtoull(wanted, nullptr, 10);
  std::mt19937 random(1);
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += make_row(random, i);
  return text;
}

std::string file_rows(const char* path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return std::move(text).str();
}

const std::string& rows() {
  const char* path = std::getenv("SARSEN_BENCH_NDJSON");
  static const std::string text = path == nullptr ? made_rows() : file_rows(path);
  return text;
}

LoadedRows load() { return {kSchema, kYears, rows()}; }

void count_rows(benchmark::State& state, std::uint32_t row_count) {
  state.SetItemsProcessed(state.iterations() * row_count);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(rows().size()));
}

void ndjson_to_queryable(benchmark::State& state) {
  rows();
  std::uint32_t row_count = 0;
  std::size_t size_bytes = 0;
  for (auto _ : state) {
    const LoadedRows loaded = load();
    row_count = loaded.index().row_count();
    size_bytes = loaded.index().size_bytes();
  }
  count_rows(state, row_count);
  state.counters["bytes_per_row"] = static_cast<double>(size_bytes) / row_count;
}

void queryable_to_segment(benchmark::State& state) {
  const LoadedRows loaded = load();
  const auto snapshot = loaded.index().snapshot();
  const fs::path folder = fs::temp_directory_path() / fmt::format("sarsen-ingest-bench-{}", ::getpid());
  std::uint64_t size_bytes = 0;
  for (auto _ : state) {
    size_bytes = ingest::persist(*snapshot, folder);
    state.PauseTiming();
    fs::remove_all(folder);
    state.ResumeTiming();
  }
  count_rows(state, snapshot->row_count());
  state.counters["bytes_per_row"] = static_cast<double>(size_bytes) / snapshot->row_count();
}

BENCHMARK(ndjson_to_queryable)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
BENCHMARK(queryable_to_segment)->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sarsen::bench
