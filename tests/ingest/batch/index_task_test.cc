#include "ingest/batch/index_task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "storage/base/error.h"
#include "storage/base/mapped_file.h"
#include "storage/segment/mapped_segment.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/support/checkout.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Rows = std::vector<std::string>;

/// A task on inline rows; `granularity`, `io` and `tuning` are members of their objects.
std::string task_text(const std::string& rows, const std::string& granularity = "", const std::string& io = "",
                      const std::string& tuning = "") {
  return R"({"type":"index_parallel","spec":{"dataSchema":{"dataSource":"x","timestampSpec":{"column":"t"},
      "dimensionsSpec":{"dimensions":["a"]},"metricsSpec":[{"type":"count","name":"c"}],"granularitySpec":{)" +
         granularity + R"(}},"ioConfig":{"type":"index_parallel","inputFormat":{"type":"json"},)" + io +
         R"("inputSource":{"type":"inline","data":)" + Json(rows).dump() +
         R"(}},"tuningConfig":{"type":"index_parallel")" + tuning + "}}}";
}

IndexTask parse(const std::string& text, const fs::path& base = ".") {
  return IndexTask::parse(Json::parse(text), base);
}

std::string problem_of(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

class IndexTaskTest : public testing::Test {
 protected:
  IndexReport run(const std::string& text, OutputLayout::Kind kind = OutputLayout::Kind::kPlain) {
    return run_index_task(parse(text), {kind, folder_.path()});
  }
  Rows rows(const std::string& directory) { return rows_of(*storage::open_segment(folder_.path() / directory)); }
  Json descriptor(const fs::path& directory) {
    const MappedFile file(directory / "descriptor.json");
    return Json::parse(file.text());
  }

  TemporaryFolder folder_;
};

/// A task with dimensions of any shape on inline rows.
std::string any_shape_task(const std::string& dimensions, const std::string& rows, const std::string& tuning = "") {
  return R"({"type":"index_parallel","spec":{"dataSchema":{"dataSource":"x","timestampSpec":{"column":"t"},
      "dimensionsSpec":{)" +
         dimensions + R"(},"granularitySpec":{"rollup":false}},"ioConfig":{"type":"index_parallel",
      "inputFormat":{"type":"json"},"inputSource":{"type":"inline","data":)" +
         Json(rows).dump() + R"(}},"tuningConfig":{"type":"index_parallel")" + tuning + "}}}";
}

TEST_F(IndexTaskTest, WritesDimensionsOfAnyShape) {
  const std::string rows_text =
      R"({"t":"2020-01-01","l":5,"d":2.5,"s":"a","al":[1,2],"m":1,"j":{"x":[1,{"y":null}]},"c":"7"}
{"t":"2020-01-01T01","l":null,"d":-1.5,"s":"b","al":[],"m":"1","j":null,"c":8.9}
{"t":"2020-01-01T02","d":0.5,"al":[null],"m":[2.5],"j":{"x":3,"dot.key":"é"}})";
  const std::string names[] = {"l", "d", "s", "al", "m", "j"};
  std::string dimensions = R"("dimensions":[)";
  for (const std::string& name : names) dimensions += R"({"type":"auto","name":")" + name + R"("},)";
  dimensions.replace(dimensions.find(R"("auto","name":"j")"), 6, R"("json")");
  const auto report = run(any_shape_task(dimensions + R"({"type":"auto","name":"c","castToType":"LONG"}])", rows_text));
  EXPECT_EQ(report.stats.processed, 3u);
  const auto segment = storage::open_segment(folder_.path() / "x/2020-01-01");
  const std::string types[] = {"LONG", "DOUBLE", "STRING", "ARRAY<LONG>", "ARRAY<STRING>", "COMPLEX<json>"};
  for (std::size_t i = 0; i < std::size(names); ++i) EXPECT_EQ(segment->column(names[i])->logical_type(), types[i]);
  EXPECT_EQ(rows_of(*segment),
            (Rows{R"(1577836800000|5|2.5|a|[1,2]|1|{"x":[1,{"y":null}]}|7)", R"(1577840400000|~|-1.5|b|[]|"1"|~|8)",
                  R"(1577844000000|~|0.5|~|[null]|[2.5]|{"x":3,"dot.key":"é"}|~)"}));
}

TEST_F(IndexTaskTest, DiscoversDimensionsOfAnyShape) {
  run(any_shape_task(R"("useSchemaDiscovery":true)", R"({"t":"2020-01-01","n":1,"o":{"a":1},"z":null}
{"t":"2020-01-01T01","n":2,"k":["x","y"]})",
                     R"(,"indexSpec":{"dimensionCompression":"uncompressed","jsonCompression":"zstd"})"));
  const auto segment = storage::open_segment(folder_.path() / "x/2020-01-01");
  EXPECT_EQ(segment->dimensions(), (Rows{"n", "o", "z", "k"}));
  EXPECT_EQ(segment->column("n")->type(), storage::ValueType::kLong);
  EXPECT_EQ(rows_of(*segment), (Rows{R"(1577836800000|1|{"a":1}|~|~)", R"(1577840400000|2|~|~|["x","y"])"}));
}

TEST_F(IndexTaskTest, WritesASegmentOfEachDay) {
  const auto report = run(
      task_text("{\"t\":\"2020-01-02\",\"a\":\"b\"}\r\n{\"t\":\"2020-01-01\",\"a\":\"a\"}\n{\"t\":\"2020-01-02T10\"}"));
  EXPECT_EQ(report.stats, (RowStats{.processed = 3, .processed_bytes = 76}));
  ASSERT_EQ(report.segments.size(), 2u);
  EXPECT_EQ(rows("x/2020-01-01"), Rows{"1577836800000|a|1"});
  EXPECT_EQ(rows("x/2020-01-02"), (Rows{"1577923200000|b|1", "1577959200000|~|1"}));
  const Json json = descriptor(folder_.path() / "x/2020-01-01");
  EXPECT_EQ(json.find("identifier")->string(), report.segments[0].id.text());
  EXPECT_EQ(json.find("shardSpec")->dump(), R"({"type":"numbered","partitionNum":0,"partitions":1})");
  EXPECT_EQ(json.find("dimensions")->string(), "a");
  EXPECT_EQ(json.find("metrics")->string(), "c");
  EXPECT_EQ(static_cast<std::uint64_t>(json.find("size")->integer()), report.segments[0].size_bytes);
}

TEST_F(IndexTaskTest, LeavesNothingBesideTheSegments) {
  run(task_text(R"({"t":1})"));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_.path())) names.push_back(entry.path().filename().string());
  EXPECT_EQ(names, Rows{"x"});
}

TEST_F(IndexTaskTest, CountsWhatItCannotReadAndWhatItDoesNotWant) {
  const auto report =
      run(task_text("{\"t\":1}\n{\"t\":\"soon\"}\n{\n\n{\"t\":\"2020-01-01\"}", R"("intervals":["1970/1971"])"));
  EXPECT_EQ(report.stats.processed, 1u);
  EXPECT_EQ(report.stats.unparseable, 3u);
  EXPECT_EQ(report.stats.thrown_away, 1u);
  EXPECT_EQ(report.stats.rows(), 5u);
  EXPECT_EQ(report.errors.size(), 3u);
}

TEST_F(IndexTaskTest, StopsAtTheLimitOfUnreadableRowsAndWritesNothing) {
  EXPECT_THROW(run(task_text("{\"t\":1}\n{\n{", "", "", R"(,"maxParseExceptions":1)")), Error);
  EXPECT_FALSE(fs::exists(folder_.path() / "x"));
}

TEST_F(IndexTaskTest, GoesOnWithTheNextPartitionWhenOneIsFull) {
  std::string lines;
  for (int i = 0; i < 5; ++i) lines += "{\"t\":" + std::to_string(i) + "}\n";
  const auto report = run(task_text(lines, "", "", R"(,"partitionsSpec":{"type":"dynamic","maxRowsPerSegment":2})"));
  ASSERT_EQ(report.segments.size(), 3u);
  EXPECT_EQ(rows("x/1970-01-01_2"), Rows{"4|~|1"});
  EXPECT_EQ(descriptor(folder_.path() / "x/1970-01-01_1").find("shardSpec")->dump(),
            R"({"type":"numbered","partitionNum":1,"partitions":3})");
  run(task_text("{\"t\":7}"));  // takes the place of all three
  EXPECT_EQ(rows("x/1970-01-01"), Rows{"7|~|1"});
  EXPECT_FALSE(fs::exists(folder_.path() / "x/1970-01-01_1"));
}

TEST_F(IndexTaskTest, LaysOutDeepStorageAsDruidDoes) {
  const auto first = run(task_text("{\"t\":1}"), OutputLayout::Kind::kDeepStorage);
  const storage::SegmentId& id = first.segments[0].id;
  const fs::path chunk = folder_.path() / "x" / "1970-01-01T00:00:00.000Z_1970-01-02T00:00:00.000Z" / id.version;
  EXPECT_EQ(first.segments[0].path, chunk / "0" / "index");
  EXPECT_TRUE(fs::exists(chunk / "0" / "index" / "meta.smoosh"));
  EXPECT_EQ(descriptor(chunk / "0" / "index").find("loadSpec")->find("path")->string(),
            (chunk / "0" / "index").string());

  const auto second = run(task_text("{\"t\":2}", "", R"("appendToExisting":true,)"), OutputLayout::Kind::kDeepStorage);
  EXPECT_EQ(second.segments[0].id.version, id.version);
  EXPECT_EQ(second.segments[0].id.partition, 1u);
  EXPECT_EQ(descriptor(chunk / "1" / "index").find("shardSpec")->dump(),
            R"({"type":"numbered","partitionNum":1,"partitions":1})");
}

TEST_F(IndexTaskTest, ReadsFilesByNameAndByPatternPackedOrNot) {
  const TemporaryFolder input;
  fs::create_directories(input.path() / "deep");
  std::ofstream(input.path() / "one.json") << "{\"t\":1}\n";
  std::ofstream(input.path() / "deep" / "two.json") << "{\"t\":2}";
  std::ofstream(input.path() / "other.txt") << "{\"t\":9}";
  const gzFile packed = gzopen((input.path() / "three.json.gz").c_str(), "wb");
  gzputs(packed, "{\"t\":3}\n{\"t\":4}\n");
  gzclose(packed);
  const auto ingest = [&](const std::string& source) {
    std::string text = task_text("");
    const std::size_t begin = text.find("{\"type\":\"inline\"");
    text.replace(begin, text.find('}', begin) + 1 - begin, source);
    return run_index_task(parse(text, input.path()), {OutputLayout::Kind::kPlain, folder_.path()}).stats.processed;
  };
  EXPECT_EQ(ingest(R"({"type":"local","files":["one.json","three.json"]})"), 3u);
  EXPECT_EQ(ingest(R"({"type":"local","baseDir":".","filter":"*.json*"})"), 4u);
  EXPECT_EQ(ingest(R"({"type":"local","baseDir":"deep","filter":"t?o.json"})"), 1u);
  EXPECT_THROW(ingest(R"({"type":"local","files":["none.json"]})"), Error);
  EXPECT_EQ(ingest(R"({"type":"local","baseDir":".","filter":"*.csv"})"), 0u);
}

/// Two rows, as `zstd` packs them.
std::string zstd_bytes() {
  constexpr std::string_view kHex =
      "28b52ffd24362d0100f87b2274223a22323032302d30312d3031222c2261223a2278227d0a79227d0a01007b3dc7613eff41";
  std::string bytes;
  for (std::size_t i = 0; i < kHex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(kHex.substr(i, 2)), nullptr, 16));
  return bytes;
}

TEST_F(IndexTaskTest, ReadsZstdAndRefusesWhatIsDamaged) {
  const TemporaryFolder input;
  std::ofstream(input.path() / "a.json.zst") << zstd_bytes() << zstd_bytes();  // frames may follow each other
  std::ofstream(input.path() / "cut.json.zst") << zstd_bytes().substr(0, 40);
  std::ofstream(input.path() / "none.json.zst") << "no zstd";
  std::ofstream(input.path() / "b.json.bz2") << "BZh";
  const auto ingest = [&](const std::string& file) {
    std::string text = task_text("");
    const std::size_t begin = text.find("{\"type\":\"inline\"");
    text.replace(begin, text.find('}', begin) + 1 - begin, R"({"type":"local","files":[")" + file + "\"]}");
    return run_index_task(parse(text, input.path()), {OutputLayout::Kind::kPlain, folder_.path()}).stats.processed;
  };
  EXPECT_EQ(ingest("a.json.zst"), 4u);
  for (const char* file : {"cut.json.zst", "none.json.zst", "b.json.bz2"}) EXPECT_THROW(ingest(file), Error) << file;
}

TEST_F(IndexTaskTest, ReadsCombinedSourcesOneAfterTheOther) {
  const TemporaryFolder input;
  std::ofstream(input.path() / "one.json") << R"({"t":"2020-01-01","a":"file"})";
  std::string text = task_text("");
  const std::size_t begin = text.find("{\"type\":\"inline\"");
  text.replace(begin, text.find('}', begin) + 1 - begin,
               R"({"type":"combining","delegates":[{"type":"inline","data":"{\"t\":\"2020-01-01\",\"a\":\"text\"}"},
                  {"type":"local","files":["one.json"]}]})");
  run_index_task(parse(text, input.path()), {OutputLayout::Kind::kPlain, folder_.path()});
  EXPECT_EQ(rows("x/2020-01-01"), (Rows{"1577836800000|file|1", "1577836800000|text|1"}));
}

TEST_F(IndexTaskTest, ReportsProgressToTheEnd) {
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += "{\"t\":" + std::to_string(i) + "}\n";
  std::vector<IndexProgress> seen;
  run_index_task(parse(task_text(lines)), {OutputLayout::Kind::kPlain, folder_.path()},
                 [&](const IndexProgress& progress) { seen.push_back(progress); });
  ASSERT_EQ(seen.size(), 4u);  // while reading, at its end, and for the segment
  EXPECT_LT(seen[0].bytes, seen[1].bytes);
  EXPECT_EQ(seen[0].stats.processed, 4096u);
  EXPECT_EQ(seen[2].bytes, lines.size());
  EXPECT_EQ(seen[2].bytes_total, lines.size());
  EXPECT_EQ(seen[3].rows, 10'000u);
  EXPECT_EQ(seen[3].stats.processed, 10'000u);
  EXPECT_TRUE(seen[3].writing);
}

TEST(IndexTaskParseTest, NamesTheFieldAtFault) {
  EXPECT_EQ(problem_of(task_text("")), "none");
  EXPECT_THAT(problem_of(R"({"type":"index_paralel"})"), HasSubstr("did you mean \"index_parallel\""));
  EXPECT_THAT(problem_of(R"({"type":"compact","spec":{}})"), HasSubstr("not supported yet"));
  EXPECT_THAT(problem_of(R"({"type":"index"})"), HasSubstr("spec"));
  EXPECT_THAT(problem_of(task_text("", "", R"("dropExisting":true,)")), HasSubstr("ioConfig.dropExisting"));
  EXPECT_THAT(problem_of(task_text("", "", "", R"(,"partitionsSpec":{"type":"hashed"})")),
              HasSubstr("forceGuaranteedRollup"));
  EXPECT_THAT(problem_of(task_text("", "", "", R"(,"partitionsSpec":{"type":"dinamic"})")),
              HasSubstr("did you mean \"dynamic\""));
  EXPECT_THAT(problem_of(task_text("", "", "", R"(,"forceGuaranteedRollup":true,"partitionsSpec":{"type":"dynamic"})")),
              HasSubstr("forceGuaranteedRollup"));
  EXPECT_THAT(problem_of(task_text("", "", R"("appendToExisting":true,)", R"(,"forceGuaranteedRollup":true)")),
              HasSubstr("ioConfig.appendToExisting"));
}

struct GoldenTask {
  const char* name;
  const char* base;  // below data
  std::uint64_t rows_read;
  std::uint64_t rows_stored;
  std::size_t segments;
};

class GoldenTaskTest : public testing::TestWithParam<GoldenTask> {};

TEST_P(GoldenTaskTest, StoresAsManyRowsAsDruid) {
  const fs::path data = shared_folder() / "data";
  const fs::path file = data / "golden" / (std::string(GetParam().name) + ".task.json");
  if (!fs::exists(file)) GTEST_SKIP() << "the task file is not here: " << file;
  const MappedFile text(file);
  const auto& types = engine::aggregators().types();
  const auto built = [&](std::string_view type) {
    return std::any_of(types.begin(), types.end(), [&](const auto& known) { return known.type == type; });
  };
  for (const char* type : {"hyperUnique", "thetaSketch", "HLLSketchBuild", "quantilesDoublesSketch"})
    if (text.text().find(type) != std::string_view::npos && !built(type))
      GTEST_SKIP() << "the task needs an aggregator that is not built: " << type;
  const IndexTask task = IndexTask::parse(Json::parse(text.text()), data / GetParam().base);
  const TemporaryFolder folder;
  const auto report = run_index_task(task, {OutputLayout::Kind::kPlain, folder.path()});
  EXPECT_EQ(report.stats.processed, GetParam().rows_read);
  EXPECT_EQ(report.stats.rows(), GetParam().rows_read);
  ASSERT_EQ(report.segments.size(), GetParam().segments);
  std::uint64_t stored = 0;
  for (const WrittenSegment& segment : report.segments) {
    stored += segment.row_count;
    const fs::path day = fs::path(GetParam().name) / segment.path.filename();
    const auto ours = storage::open_segment(segment.path);
    const auto theirs = storage::open_segment(data / "golden" / "segments" / day);
    EXPECT_EQ(ours->row_count(), theirs->row_count());
    EXPECT_EQ(ours->metadata().dump(), theirs->metadata().dump());
    EXPECT_TRUE(rows_of(*ours) == rows_of(*theirs)) << day;
  }
  EXPECT_EQ(stored, GetParam().rows_stored);
}

INSTANTIATE_TEST_SUITE_P(Golden, GoldenTaskTest,
                         testing::Values(GoldenTask{"wikiticker", "", 39'244, 39'244, 1},
                                         GoldenTask{"events", "golden", 6'000, 6'000, 3},
                                         GoldenTask{"events_rollup", "golden", 6'000, 5'986, 3}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_F(IndexTaskTest, OneReadingThatLooksForChunksIsToldAsTwo) {
  const std::string text = "{\"t\":\"2020-01-02\"}\n{\"t\":\"soon\"}\n{\"t\":\"2020-01-01\"}";
  const IndexReport found = run(task_text(text));
  EXPECT_EQ(found.survey_stats, found.stats);
  EXPECT_EQ(found.survey_stats.processed, 2u);
  EXPECT_EQ(found.survey_errors.size(), 1u);
  const Json json = found.to_json("task");
  const JsonField payload = JsonField(json)["ingestionStatsAndErrors"]["payload"];
  EXPECT_EQ(payload["rowStats"]["determinePartitions"]["processedBytes"].integer(),
            static_cast<std::int64_t>(text.size()));
  EXPECT_EQ(payload["recordsProcessed"].json().dump(), "{}");
  EXPECT_FALSE(payload["segmentsRead"].present());
  EXPECT_EQ(payload["segmentsPublished"].integer(), 2);
  fs::remove_all(folder_.path() / "x");
  EXPECT_EQ(run(task_text(text, R"("intervals":["2020/2021"])")).survey_stats.rows(), 0u);
}

TEST_F(IndexTaskTest, DescribesNoDiscoveredColumnOfNothing) {
  run(any_shape_task(R"("dimensions":[])", R"({"t":"2020-01-01","a":[],"b":"b"})"));
  EXPECT_EQ(descriptor(folder_.path() / "x/2020-01-01").find("dimensions")->string(), "b");
}

}  // namespace
}  // namespace sarsen::ingest
