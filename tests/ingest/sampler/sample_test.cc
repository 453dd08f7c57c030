// Answers of Druid 33 to the same specifications: recorded/NAME.json has the one in its first line, the other in its
// second. Of a row that was read in part Druid's error shows Java's objects: there only what is wrong is compared.

#include "ingest/sampler/sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "ingest/kafka/kafka_producer.h"
#include "ingest/kafka/mock_cluster.h"
#include "storage/base/error.h"
#include "tests/ingest/support/temporary_folder.h"
#include "tests/support/checkout.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Json sample(const std::string& text, const fs::path& scratch = ".") {
  return take_sample(SamplerSpec::parse(Json::parse(text), "."), {.root = {}, .scratch = scratch});
}

std::string failure(const std::string& text) {
  try {
    sample(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

/// The error of a row read in part, from its list of what is wrong on.
Json comparable(const Json& value) {
  if (value.is_array()) {
    Json::Array array;
    for (const Json& element : value.array()) array.push_back(comparable(element));
    return array;
  }
  if (!value.is_object()) return value;
  Json::Object object;
  for (const auto& [name, member] : value.object()) {
    const bool is_partial = name == "error" && member.is_string() && member.string().starts_with("Found unparseable");
    object.emplace_back(
        name, is_partial ? Json(member.string().substr(member.string().rfind("exceptions: "))) : comparable(member));
  }
  return object;
}

class RecordedSampleTest : public testing::TestWithParam<std::string> {};

std::vector<std::string> recorded() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(source_folder() / "tests/ingest/sampler/recorded"))
    names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

TEST_P(RecordedSampleTest, IsDruids) {
  std::ifstream file(source_folder() / "tests/ingest/sampler/recorded" / (GetParam() + ".json"));
  std::string spec, answer;
  std::getline(file, spec);
  std::getline(file, answer);
  EXPECT_EQ(comparable(sample(spec)).dump(), comparable(Json::parse(answer)).dump());
}

INSTANTIATE_TEST_SUITE_P(Of, RecordedSampleTest, testing::ValuesIn(recorded()),
                         [](const auto& each) { return each.param; });

std::string index_spec(const std::string& source, const std::string& config = "{}") {
  return R"({"type":"index","spec":{"type":"index","dataSchema":{"dataSource":"x","timestampSpec":{"column":"t"},
      "dimensionsSpec":{"dimensions":["a"]},"granularitySpec":{"rollup":false}},"ioConfig":{"type":"index",
      "inputFormat":{"type":"json"},"inputSource":)" +
         source + R"(}},"samplerConfig":)" + config + "}";
}

TEST(SampleTest, NamesTheFileOfABadLineAndStopsInTime) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "a.json") << R"({"t":1,"a":"x"})" << "\nbad\n";
  std::ofstream(folder.path() / "b.json") << R"({"t":2,"a":"y"})" << "\n";
  const std::string source = R"({"type":"local","baseDir":")" + folder.path().string() + R"(","filter":"*.json"})";
  const Json all = sample(index_spec(source));
  EXPECT_EQ(all.find("numRowsRead")->integer(), 3);
  EXPECT_EQ(all.find("data")->array()[1].find("error")->string(),
            "Unable to parse row [bad] into JSON (Path: file:" + folder.path().string() + "/a.json, Line: 2)");
  EXPECT_EQ(sample(index_spec(source, R"({"numRows":1})")).find("numRowsRead")->integer(), 1);
  EXPECT_EQ(sample(index_spec(source, R"({"maxBytesInMemory":1})")).find("numRowsRead")->integer(), 1);
}

TEST(SampleTest, NamesWhatIsWrong) {
  const std::string inline_source = R"({"type":"inline","data":""})";
  EXPECT_EQ(failure(index_spec(inline_source)), "none");
  EXPECT_THAT(failure(index_spec(inline_source, R"({"numRows":5001})")), HasSubstr("numRows must be <= 5000"));
  EXPECT_THAT(failure(index_spec(inline_source, R"({"maxBytesInMemory":"much"})")), HasSubstr("maxBytesInMemory"));
  EXPECT_THAT(failure(R"({"type":"index"})"), HasSubstr("[spec] is required"));
  EXPECT_THAT(failure(R"({"type":"indx"})"), HasSubstr("did you mean \"index\""));
  EXPECT_THAT(failure(R"({"type":"kinesis"})"), HasSubstr("not supported yet (index and kafka are)"));
  EXPECT_THAT(failure(R"({"type":"index","spec":{"ioConfig":{}}})"), HasSubstr("spec.dataSchema"));
}

std::string kafka_spec(const std::string& brokers, const std::string& config) {
  return R"({"type":"kafka","spec":{"type":"kafka","dataSchema":{"dataSource":"x","timestampSpec":{"column":"t"},
      "dimensionsSpec":{"dimensions":["a"]},"granularitySpec":{"rollup":false}},"ioConfig":{"topic":"clicks",
      "inputFormat":{"type":"json"},"useEarliestOffset":true,"consumerProperties":{"bootstrap.servers":")" +
         brokers + R"("}}},"samplerConfig":)" + config + "}";
}

TEST(SampleTest, ReadsATopic) {
  MockCluster cluster;
  cluster.create_topic("clicks", 1);
  KafkaProducer producer(cluster.brokers());
  for (const char* message : {R"({"t":1,"a":"x"})", "bad", R"({"t":2,"a":"y"} {"t":3,"a":"z"})"})
    producer.send("clicks", message);
  producer.flush(30'000);
  const Json answer = sample(kafka_spec(cluster.brokers(), R"({"numRows":4,"timeoutMs":60000})"));
  EXPECT_EQ(answer.find("data")->dump(), R"([{"input":{"t":1,"a":"x"},"parsed":{"__time":1,"a":"x"}},)"
                                         R"({"unparseable":true,"error":"Unable to parse row [bad] into JSON"},)"
                                         R"({"input":{"t":2,"a":"y"},"parsed":{"__time":2,"a":"y"}},)"
                                         R"({"input":{"t":3,"a":"z"},"parsed":{"__time":3,"a":"z"}}])");
}

}  // namespace
}  // namespace sarsen::ingest
