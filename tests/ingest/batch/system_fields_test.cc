#include "ingest/batch/system_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "ingest/batch/index_task.h"
#include "storage/base/error.h"
#include "storage/segment/mapped_segment.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string problem_of(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    parse_system_fields(JsonField(json));
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(SystemFieldsTest, AreThoseOfJavasFilesAndUris) {
  const SystemFieldNames names = {"__file_uri", "__file_bucket", "__file_path"};
  const auto file = system_fields_of(names, "/data/a b%é.json");
  EXPECT_EQ(file[0].value, "file:/data/a%20b%25é.json");
  EXPECT_EQ(file[1].value, std::nullopt);
  EXPECT_EQ(file[2].value, "/data/a b%é.json");
  const auto url = system_fields_of_url(names, "http://h:1/x/a%20b.json?y=/z");
  EXPECT_EQ(url[0].value, "http://h:1/x/a%20b.json?y=/z");
  EXPECT_EQ(url[2].value, "/x/a b.json");
  EXPECT_EQ(system_fields_of_url({"__file_path"}, "http://h")[0].value, "");
  EXPECT_THAT(problem_of(R"(["__file_urn"])"), HasSubstr("did you mean \"__file_uri\""));
}

TEST(SystemFieldsTest, AreToldToRowsThatAskForThem) {
  const TemporaryFolder input;
  const TemporaryFolder output;
  std::ofstream(input.path() / "a.json") << R"({"t":"2020-01-01","__file_path":"not this"})" << "\n";
  std::ofstream(input.path() / "b.json") << R"({"t":"2020-01-01T01"})" << "\n";
  const std::string path = input.path().string();
  const std::string text =
      R"x({"type":"index_parallel","spec":{"dataSchema":{"dataSource":"x","timestampSpec":{"column":"t"},
      "dimensionsSpec":{"dimensions":["__file_path","name"]},"metricsSpec":[],"granularitySpec":{},"transformSpec":
      {"transforms":[{"type":"expression","name":"name","expression":"replace(__file_uri, 'file:', '')"}]}},
      "ioConfig":{"type":"index_parallel","inputFormat":{"type":"json"},"inputSource":{"type":"local","baseDir":")x" +
      path +
      R"x(","filter":"*","systemFields":["__file_uri","__file_path"]}},"tuningConfig":{"type":"index_parallel"}}})x";
  run_index_task(IndexTask::parse(Json::parse(text), "."), {OutputLayout::Kind::kPlain, output.path()});
  EXPECT_THAT(rows_of(*storage::open_segment(output.path() / "x/2020-01-01")),
              ElementsAre("1577836800000|" + path + "/a.json|" + path + "/a.json",
                          "1577840400000|" + path + "/b.json|" + path + "/b.json"));
}

}  // namespace
}  // namespace sarsen::ingest
