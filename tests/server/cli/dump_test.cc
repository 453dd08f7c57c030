#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "storage/base/json.h"
#include "storage/segment/segment_finder.h"
#include "tests/server/cli/program.h"
#include "tests/support/checkout.h"

namespace sarsen::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

const fs::path kGolden = source_folder() / "tests" / "golden" / "segments";
const std::string kTypes = kGolden / "druid-0.16.0-types";
const std::string kSpatial = kGolden / "druid-0.7.0-spatial";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

Json read_json(const fs::path& path) {
  std::ifstream file(path);
  return Json::parse(std::string{std::istreambuf_iterator<char>(file), {}});
}

std::vector<fs::path> folders_with_rows(const fs::path& root) {
  std::vector<fs::path> folders;
  if (!fs::is_directory(root)) return folders;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.path().filename() == "rows.json") folders.push_back(entry.path().parent_path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

std::vector<std::string> dump_arguments(const fs::path& folder) {
  std::vector<std::string> arguments{"dump", folder, "--rows", "--format", "ndjson", "--time", "millis"};
  const Json describe = read_json(folder / "describe.json");
  if (!JsonField(describe)["nullMode"].string().starts_with("sql-compatible"))
    arguments.emplace_back("--default-value-nulls");
  return arguments;
}

// Every value as text, so that sketches and floats are compared to the last digit. A column that the segment has not is
// null.
void compare_rows(const fs::path& folder) {
  SCOPED_TRACE(folder.string());
  const Json recorded = read_json(folder / "rows.json");
  const Json::Array& rows = recorded.find("rows")->array();
  const ProgramResult result = run_program(dump_arguments(folder));
  ASSERT_EQ(result.status, 0) << result.err;
  const std::vector<std::string> lines = lines_of(result.out);
  ASSERT_EQ(lines.size(), rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const Json shown = Json::parse(lines[row]);
    for (const Json& name : recorded.find("columns")->array()) {
      const Json* wanted = rows[row].find(name.string());
      const Json* got = shown.find(name.string());
      ASSERT_EQ(got == nullptr ? "null" : got->dump(), wanted == nullptr ? "null" : wanted->dump())
          << name.string() << ", row " << row;
    }
  }
}

TEST(DumpTest, ShowsRowsAsTheVersionThatWroteThem) {
  for (const fs::path& folder : folders_with_rows(kGolden)) {
    // Its rows are recorded by a query, which shows lists of no value and of one in another way.
    if (folder.filename() == "druid-33.0.0-projections") continue;
    compare_rows(folder);
  }
}

TEST(DumpTest, ShowsRowsOfAllVersionsAsTheyDo) {
  const std::vector<fs::path> folders = folders_with_rows(shared_folder() / "data" / "druid-segments");
  if (folders.empty()) GTEST_SKIP() << "the segments of 16 Druid versions are not under " << shared_folder();
  for (const fs::path& folder : folders) compare_rows(folder);
  RecordProperty("segments", static_cast<int>(folders.size()));
}

TEST(DumpTest, LimitsFiltersAndOrdersColumns) {
  const ProgramResult limited = run_program({"dump", kSpatial, "--rows", "--limit", "3"});
  EXPECT_EQ(lines_of(limited.out).size(), 3u);
  const ProgramResult filtered = run_program({"dump", kSpatial, "--rows", "--columns", "country,__time", "--limit", "2",
                                              "--filter", R"({"type":"selector","dimension":"country","value":"us"})"});
  ASSERT_EQ(filtered.status, 0) << filtered.err;
  ASSERT_EQ(lines_of(filtered.out).size(), 2u);
  for (const std::string& line : lines_of(filtered.out)) EXPECT_THAT(line, StartsWith(R"({"country":"us","__time":1)"));
  const ProgramResult broken = run_program({"dump", kSpatial, "--rows", "--filter", R"({"type":"selectr"})"});
  EXPECT_EQ(broken.status, 1);
  EXPECT_THAT(broken.err, HasSubstr("--filter"));
}

TEST(DumpTest, SpellsTimesAsWanted) {
  const ProgramResult iso =
      run_program({"dump", kSpatial, "--rows", "--columns", "__time", "--limit", "1", "--time", "iso"});
  EXPECT_EQ(iso.out, "{\"__time\":\"2024-01-01T00:00:00.000Z\"}\n");
  const ProgramResult millis = run_program({"dump", kSpatial, "--rows", "--columns", "__time", "--limit", "1"});
  EXPECT_EQ(millis.out, "{\"__time\":1704067200000}\n");
  EXPECT_EQ(run_program({"dump", kSpatial, "--rows", "--time", "local"}).status, 2);
}

TEST(DumpTest, ShowsAProjectionInPlaceOfTheTable) {
  const fs::path folder = kGolden / "druid-33.0.0-projections";
  const ProgramResult rows = run_program({"dump", folder, "--projection", "hourly", "--rows"});
  ASSERT_EQ(rows.status, 0) << rows.err;
  EXPECT_EQ(lines_of(rows.out).size(), read_json(folder / "rows-hourly.json").find("rows")->array().size());
  const Json columns = Json::parse(run_program({"dump", folder, "--projection", "hourly", "--json"}).out);
  for (const Json& column : columns.find("columns")->array()) EXPECT_GT(column.find("sizeBytes")->integer(), 0);
  const ProgramResult wrong = run_program({"dump", folder, "--projection", "hourl"});
  EXPECT_EQ(wrong.status, 1);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean \"hourly\"?"));
}

TEST(DumpTest, QuotesCsvWhereItMust) {
  const ProgramResult csv =
      run_program({"dump", kSpatial, "--rows", "--columns", "country,spot", "--limit", "1", "--format", "csv"});
  EXPECT_EQ(csv.out, "country,spot\ncn,\"-42.5,-60.5\"\n");
}

TEST(DumpTest, WritesOneJsonArrayAndATable) {
  const ProgramResult json = run_program({"dump", kSpatial, "--rows", "--limit", "2", "--format", "json"});
  EXPECT_EQ(Json::parse(json.out).array().size(), 2u);
  const ProgramResult none = run_program({"dump", kSpatial, "--rows", "--limit", "0", "--format", "json"});
  EXPECT_EQ(Json::parse(none.out).array().size(), 0u);
  const ProgramResult table =
      run_program({"dump", kSpatial, "--rows", "--columns", "country,count", "--limit", "1", "--format", "table"});
  EXPECT_EQ(table.out, "country  count\n-------  -----\ncn         1.0\n");
}

TEST(DumpTest, ShowsTheColumnsAndTheHead) {
  const ProgramResult table = run_program({"dump", kTypes});
  ASSERT_EQ(table.status, 0) << table.err;
  for (const char* text : {"rows", "interval", "factory", "bitmaps", "multi-value", "LONG", "DOUBLE", "ratio"})
    EXPECT_THAT(table.out, HasSubstr(text));
  const Json json = Json::parse(run_program({"dump", kTypes, "--format", "json"}).out);
  EXPECT_EQ(json.find("rows")->integer(), 120);
  std::int64_t bytes = 0;
  for (const Json& column : json.find("columns")->array()) bytes += column.find("sizeBytes")->integer();
  EXPECT_GT(bytes, 0);
  EXPECT_LT(bytes, json.find("sizeBytes")->integer());
  EXPECT_EQ(run_program({"dump", kTypes, "--columns", "nothing"}).status, 1);
}

TEST(DumpTest, ListsAColumnThatCannotBeReadWithItsReason) {
  const TemporaryFolder folder;
  for (const auto& entry : fs::directory_iterator(kSpatial))
    fs::copy_file(entry.path(), folder.path() / entry.path().filename());
  const fs::path chunk = folder.path() / "00000.smoosh";
  std::ifstream in(chunk, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const std::size_t at = bytes.find("stringDictionary");
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, 16, "futureDictionary");
  write_text(chunk, bytes);
  const ProgramResult table = run_program({"dump", folder.path()});
  EXPECT_EQ(table.status, 0) << table.err;
  EXPECT_THAT(table.out, HasSubstr("futureDictionary"));
  EXPECT_THAT(table.out, HasSubstr("count"));
}

TEST(DumpTest, ExplainsEveryByte) {
  for (const std::string& segment : {kTypes, kSpatial}) {
    const ProgramResult result = run_program({"dump", segment, "--sizes", "--format", "ndjson"});
    ASSERT_EQ(result.status, 0) << result.err;
    std::int64_t sum = 0;
    for (const std::string& line : lines_of(result.out)) {
      const Json record = Json::parse(line);
      if (record.find("depth")->integer() == 0) sum += record.find("bytes")->integer();
    }
    std::int64_t on_disk = 0;
    for (const auto& entry : fs::directory_iterator(segment))
      if (!entry.path().filename().string().starts_with("rows") && entry.path().filename() != "describe.json")
        on_disk += static_cast<std::int64_t>(entry.file_size());
    EXPECT_EQ(sum, on_disk);
  }
  EXPECT_THAT(run_program({"dump", kTypes, "--sizes"}).out, HasSubstr("all files"));
}

TEST(DumpTest, ShowsBytesOfAPart) {
  const ProgramResult version = run_program({"dump", kTypes, "--hex", "version.bin"});
  EXPECT_THAT(version.out, HasSubstr("00000000  00 00 00 09 "));
  const ProgramResult part = run_program({"dump", kSpatial, "--hex", "country/dictionary", "--limit", "16"});
  ASSERT_EQ(part.status, 0) << part.err;
  EXPECT_EQ(lines_of(part.out).size(), 2u);
  const ProgramResult wrong = run_program({"dump", kSpatial, "--hex", "country/dictionry"});
  EXPECT_EQ(wrong.status, 1);
  EXPECT_THAT(wrong.err, HasSubstr("dictionary"));
}

TEST(DumpTest, ShowsBitmaps) {
  const ProgramResult result = run_program({"dump", kSpatial, "--bitmaps", "country", "--format", "ndjson"});
  ASSERT_EQ(result.status, 0) << result.err;
  std::int64_t rows = 0;
  for (const std::string& line : lines_of(result.out)) {
    const Json record = Json::parse(line);
    rows += record.find("rows")->integer();
    EXPECT_GT(record.find("bytes")->integer(), 0);
    EXPECT_EQ(record.find("encoding")->string(), "concise");
  }
  EXPECT_EQ(rows, 300);
  const ProgramResult none = run_program({"dump", kSpatial, "--bitmaps", "count"});
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.err, HasSubstr("no bitmaps"));
}

/// A dump that has filled the pipe and waits for its reader.
class WaitingDump {
 public:
  explicit WaitingDump(const std::string& segment) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    out_ = ends[0];
    process_ = ::fork();
    if (process_ != 0) {
      ::close(ends[1]);
      char first = 0;
      while (::read(out_, &first, 1) < 0) {
      }
      return;
    }
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    ::execl(SARSEN_PROGRAM, "sarsen", "dump", segment.c_str(), "--rows", nullptr);
    ::_exit(127);
  }
  ~WaitingDump() {
    if (out_ >= 0) ::close(out_);
  }

  void stop_reading() { ::close(std::exchange(out_, -1)); }
  void interrupt() const { ::kill(process_, SIGINT); }
  /// The exit status; -1 where a signal ended it.
  int wait() const {
    int status = 0;
    ::waitpid(process_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  int out_ = -1;
  pid_t process_ = -1;
};

/// Its rows are more text than a pipe holds.
std::string large_segment() {
  return storage::segment_paths(source_folder() / "tests/golden/druid-33.0.0/segments/events").front();
}

TEST(DumpTest, EndsQuietlyWhenNobodyReads) {
  WaitingDump dump(large_segment());
  dump.stop_reading();
  EXPECT_EQ(dump.wait(), 0);
}

TEST(DumpTest, EndsAtOnceWhenInterrupted) {
  WaitingDump dump(large_segment());
  dump.interrupt();
  EXPECT_EQ(dump.wait(), 130);
}

TEST(DumpTest, ShowsOneThingAtATime) {
  EXPECT_EQ(run_program({"dump", kTypes, "--rows", "--sizes"}).status, 2);
  EXPECT_EQ(run_program({"dump", kTypes, "--format", "xml"}).status, 2);
}

TEST(DumpTest, ShowsMetadataOnOneLineOffATerminal) {
  const ProgramResult result = run_program({"dump", kTypes, "--metadata"});
  EXPECT_EQ(lines_of(result.out).size(), 1u);
  EXPECT_TRUE(Json::parse(result.out).is_object());
}

}  // namespace
}  // namespace sarsen::server
