// Against a small S3 of the tests' own, and against MinIO where its program is on the PATH.

#include "ingest/s3/s3_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>

#include "ingest/batch/index_task.h"
#include "ingest/s3/s3_connection_field.h"
#include "storage/base/error.h"
#include "storage/base/log.h"
#include "storage/segment/mapped_segment.h"
#include "tests/ingest/support/index_fixture.h"
#include "tests/ingest/support/s3_servers.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

std::string failure(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

S3Input parse(const std::string& text) {
  const Json json = Json::parse(text);
  return S3Input::parse(JsonField(json));
}

class S3InputTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    set_log_level(LogLevel::kError);
    if (std::string_view(GetParam()) == "Minio") {
      if (MinioServer::program().empty()) GTEST_SKIP() << "there is no minio on the PATH";
      minio_ = std::make_unique<MinioServer>();
      connection_ = minio_->connection();
    } else {
      small_ = std::make_unique<S3Server>(std::vector<std::string>{});
      if (small_->port() == 0) GTEST_SKIP() << "python3 is not installed";
      connection_ = small_->connection();
    }
    make_bucket(connection_, "input");
    put("logs/1.json", R"({"t":"2020-01-01","name":"one"})");
    put("logs/a b+é\"&'.json", R"({"t":"2020-01-01T01","name":"odd"})");
    put("logs/empty.json", "");
    put("logs/sub/2.json.gz", gzip(R"({"t":"2020-01-01T02","name":"packed"})"));
    put("logs/notes.txt", "no JSON");
  }
  void TearDown() override {
    set_log_level(LogLevel::kInfo);
    set_s3_input_connection({});
  }

  void put(const std::string& key, const std::string& bytes) {
    const fs::path file = folder_.path() / "put";
    std::ofstream(file, std::ios::binary) << bytes;
    S3Client(connection_).put("input", key, file);
  }

  std::string gzip(const std::string& text) {
    const fs::path path = folder_.path() / "packed.gz";
    gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  /// The fields that say where and who, as the specification has them.
  std::string where_and_who() const {
    return R"("endpointConfig":{"url":")" + connection_.endpoint + R"(","signingRegion":")" + connection_.region +
           R"("},"clientConfig":{"enablePathStyleAccess":true,"protocol":"http"},"properties":{"accessKeyId":")" +
           connection_.access_key + R"(","secretAccessKey":{"type":"default","password":")" + connection_.secret_key +
           R"("}})";
  }

  /// The rows that a task writes that reads the input source {"type":"s3",`fields`}.
  std::vector<std::string> rows(const std::string& fields) {
    const fs::path output = folder_.path() / ("out" + std::to_string(++tasks_));
    const std::string text =
        R"({"type":"index_parallel","spec":{"dataSchema":{"dataSource":"x","timestampSpec":{"column":"t"},
        "dimensionsSpec":{"dimensions":["name","__file_uri","__file_bucket","__file_path"]},"granularitySpec":{}},
        "ioConfig":{"type":"index_parallel","inputFormat":{"type":"json"},"inputSource":{"type":"s3",)" +
        fields + R"(}}}})";
    run_index_task(IndexTask::parse(Json::parse(text), "."), {OutputLayout::Kind::kPlain, output});
    const fs::path segment = output / "x/2020-01-01";
    return fs::exists(segment) ? rows_of(*storage::open_segment(segment)) : std::vector<std::string>{};
  }

  TemporaryFolder folder_;
  std::unique_ptr<S3Server> small_;
  std::unique_ptr<MinioServer> minio_;
  S3Connection connection_;
  int tasks_ = 0;
};

TEST_P(S3InputTest, ReadsWhatPrefixesList) {
  EXPECT_THAT(rows(R"("prefixes":["s3://input/logs/"],"objectGlob":"**.{json,gz}",
                   "systemFields":["__file_uri","__file_bucket","__file_path"],)" +
                   where_and_who()),
              ElementsAre("1577836800000|one|s3://input/logs/1.json|input|logs/1.json",
                          "1577840400000|odd|s3://input/logs/a%20b%2B%C3%A9%22%26%27.json|input|logs/a b+é\"&'.json",
                          "1577844000000|packed|s3://input/logs/sub/2.json.gz|input|logs/sub/2.json.gz"));
}

TEST_P(S3InputTest, ReadsNamedObjects) {
  EXPECT_THAT(rows(R"("uris":["s3://input/logs/1.json","S3://input/logs/a%20b+%C3%A9%22&'.json"],)" + where_and_who()),
              ElementsAre("1577836800000|one|~|~|~", "1577840400000|odd|~|~|~"));
  EXPECT_THAT(
      rows(R"("objects":[{"bucket":"input","path":"logs/sub/2.json.gz"},{"bucket":"input","path":"/logs/1.json"}],
                   "objectGlob":"logs/*",)" +
           where_and_who()),
      ElementsAre("1577836800000|one|~|~|~"));
}

TEST_P(S3InputTest, AsksAsTheProcessDoesWhereItSaysNothing) {
  set_s3_input_connection(connection_);
  EXPECT_THAT(rows(R"("uris":["s3://input/logs/1.json"])"), ElementsAre("1577836800000|one|~|~|~"));
}

TEST_P(S3InputTest, TellsWhatTheServerSays) {
  EXPECT_THAT(failure([&] { rows(R"("uris":["s3://input/gone.json"],)" + where_and_who()); }),
              HasSubstr("s3://input/gone.json: the server answers with status 404 (NoSuchKey"));
  set_s3_input_connection(connection_);
  EXPECT_THAT(failure([&] {
                rows(R"("prefixes":["s3://input/logs"],"properties":{"accessKeyId":")" + connection_.access_key +
                     R"(","secretAccessKey":"wrong"})");
              }),
              HasSubstr("status 403 (SignatureDoesNotMatch"));
}

TEST_P(S3InputTest, ReadsNothingWhereNothingIs) {
  EXPECT_TRUE(rows(R"("prefixes":["s3://input/none/"],)" + where_and_who()).empty());
}

INSTANTIATE_TEST_SUITE_P(Of, S3InputTest, testing::Values("Small", "Minio"),
                         [](const auto& each) { return std::string(each.param); });

TEST(S3InputSpec, NamesWhatIsWrong) {
  S3Connection connection;
  connection.access_key = "a";
  connection.secret_key = "b";
  set_s3_input_connection(connection);
  const auto problem_of = [](const std::string& text) { return failure([&] { parse(text); }); };
  EXPECT_EQ(problem_of(R"({"uris":["s3://b/k"]})"), "none");
  EXPECT_EQ(problem_of(R"({"prefixes":["s3://b"]})"), "none");
  EXPECT_THAT(problem_of("{}"), HasSubstr("Exactly one of uris, prefixes or objects must be specified"));
  EXPECT_THAT(problem_of(R"({"uris":["s3://b/k"],"prefixes":["s3://b/"]})"), HasSubstr("Exactly one of"));
  EXPECT_THAT(problem_of(R"({"uris":["http://b/k"]})"),
              HasSubstr("uris[0]: Invalid URI scheme [http://b/k] must be [s3]"));
  EXPECT_THAT(problem_of(R"({"uris":["s3://b/k?x"]})"), HasSubstr("%3F"));
  EXPECT_THAT(problem_of(R"({"uris":["s3://a@evil.example/k"]})"), HasSubstr("DNS-compliant"));
  EXPECT_THAT(problem_of(R"({"objects":[{"bucket":"b/c","path":"k"}]})"), HasSubstr("objects[0].bucket"));
  EXPECT_THAT(problem_of(R"({"objects":[{"bucket":"b"}]})"), HasSubstr("objects[0].path"));
  EXPECT_THAT(problem_of(R"({"uris":["s3://b/k"],"objectGlob":"{a"})"), HasSubstr("objectGlob: this is no glob"));
  EXPECT_THAT(problem_of(R"({"uris":["s3://b/k"],"properties":{"accessKeyId":"a"}})"),
              HasSubstr("secretAccessKey cannot be null"));
  EXPECT_THAT(problem_of(R"({"uris":["s3://b/k"],"properties":{"assumeRoleArn":"a"}})"), HasSubstr("assumeRoleArn"));
  EXPECT_THAT(problem_of(R"({"uris":["s3://b/k"],"endpointConfig":{"url":"ftp://x"}})"),
              HasSubstr("endpointConfig.url"));
  EXPECT_THAT(problem_of(R"({"uris":["s3://b/k"],"clientConfig":{"protocol":"ftp"}})"),
              HasSubstr("clientConfig.protocol"));
  set_s3_input_connection({});
  EXPECT_THAT(problem_of(R"({"uris":["s3://b/k"]})"), HasSubstr("no keys for S3"));
}

TEST(S3InputSpec, SaysWhereS3Is) {
  ASSERT_EQ(setenv("SARSEN_TEST_S3_KEY", "secret", 1), 0);
  const auto connection = [](const std::string& text) {
    const Json json = Json::parse(text);
    return parse_s3_connection(JsonField(json), {.endpoint = "http://own",
                                                 .region = "r",
                                                 .path_style = true,
                                                 .access_key = "a",
                                                 .secret_key = "b",
                                                 .session_token = "t"});
  };
  const S3Connection own = connection("{}");
  EXPECT_EQ(own.endpoint + own.region + own.access_key + own.session_token, "http://ownrat");
  EXPECT_TRUE(own.path_style);
  const S3Connection given = connection(
      R"({"endpointConfig":{"url":"s3.eu-west-3.amazonaws.com"},"clientConfig":{"protocol":"HTTP"},
      "proxyConfig":{"host":"p","port":3128,"username":"u@x","password":"p:w"},"properties":{"accessKeyId":"k",
      "secretAccessKey":{"type":"environment","variable":"SARSEN_TEST_S3_KEY"}}})");
  EXPECT_EQ(given.endpoint, "http://s3.eu-west-3.amazonaws.com");
  EXPECT_EQ(given.region, "eu-west-3");
  EXPECT_FALSE(given.path_style) << "clientConfig is whole";
  EXPECT_EQ(given.access_key + given.secret_key + given.session_token, "ksecret");
  EXPECT_EQ(given.proxy, "http://u%40x:p%3Aw@p:3128");
  EXPECT_EQ(connection(R"({"endpointConfig":{"url":"https://x","signingRegion":"eu"}})").region, "eu");
}

}  // namespace
}  // namespace sarsen::ingest
