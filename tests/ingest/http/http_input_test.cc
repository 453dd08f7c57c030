#include "ingest/http/http_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <mutex>

#include "storage/base/error.h"
#include "tests/ingest/support/small_http_server.h"
#include "tests/ingest/support/temporary_folder.h"

namespace sarsen::ingest {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Lines = std::vector<std::string>;

std::vector<HttpRequest> parse(const std::string& text) {
  const Json json = Json::parse(text);
  return parse_http_input(JsonField(json));
}

std::string problem_of(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

bool built_without_curl() {
  try {
    http_download({"file:///", "", {}, {}}, "/dev/null");
  } catch (const Error& error) {
    return error.category() == ErrorCategory::kUnsupported;
  }
  return false;
}

class HttpInputTest : public testing::Test {
 protected:
  void SetUp() override {
    static const bool without = built_without_curl();
    if (without) GTEST_SKIP() << "built without libcurl";
  }

  Lines lines(const SmallHttpServer& server, const std::string& path, const std::string& more = "") {
    Lines all;
    for (const HttpRequest& request : parse(R"({"uris":[")" + server.url() + path + "\"]" + more + "}")) {
      const auto reader = open_http_lines(request, folder_.path());
      while (const auto line = reader->next()) all.emplace_back(*line);
    }
    return all;
  }

  std::string gzip(const std::string& text) {
    const fs::path path = folder_.path() / "packed.gz";
    gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    std::ifstream in(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    fs::remove(path);
    return bytes;
  }

  TemporaryFolder folder_;
};

TEST_F(HttpInputTest, ReadsTheLinesOfABodyAndLeavesNothing) {
  const SmallHttpServer server([](const std::string&) { return http_answer("200 OK", "a\nb\n"); });
  EXPECT_EQ(lines(server, "/x.json"), (Lines{"a", "b"}));
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(HttpInputTest, UnpacksByTheSuffixOfThePath) {
  const std::string packed = gzip("a\nb");
  const SmallHttpServer server([&](const std::string&) { return http_answer("200 OK", packed); });
  EXPECT_EQ(lines(server, "/x.json.gz?version=1.2"), (Lines{"a", "b"}));
}

TEST_F(HttpInputTest, SaysWhoItIsAndWhatItWasToldToSay) {
  std::mutex mutex;
  std::string seen;
  const SmallHttpServer server([&](const std::string& head) {
    const std::lock_guard lock(mutex);
    seen = head;
    return http_answer("200 OK", "");
  });
  ASSERT_EQ(setenv("SARSEN_TEST_PASSWORD", "sesame", 1), 0);
  lines(server, "/x", R"(,"httpAuthenticationUsername":"Aladdin",
      "httpAuthenticationPassword":{"type":"environment","variable":"SARSEN_TEST_PASSWORD"},
      "requestHeaders":{"X-Kind":"rows","X-Empty":""})");
  const std::lock_guard lock(mutex);
  EXPECT_THAT(seen, HasSubstr("GET /x HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("Authorization: Basic QWxhZGRpbjpzZXNhbWU=\r\n"));
  EXPECT_THAT(seen, HasSubstr("X-Kind: rows\r\nX-Empty:"));
}

TEST_F(HttpInputTest, FollowsRedirects) {
  const SmallHttpServer server([](const std::string& head) {
    if (head.starts_with("GET /new ")) return http_answer("200 OK", "moved");
    return http_answer("302 Found", "", "Location: /new\r\n");
  });
  EXPECT_EQ(lines(server, "/old"), Lines{"moved"});
}

TEST_F(HttpInputTest, TriesAgainWhereTheServerIsBusyOrBreaksOff) {
  int count = 0;
  const SmallHttpServer server([&](const std::string&) -> std::string {
    ++count;
    if (count == 1) return http_answer("503 Service Unavailable", "not now");
    if (count == 2) return "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal";
    return http_answer("200 OK", "whole");
  });
  EXPECT_EQ(lines(server, "/x"), Lines{"whole"});
  EXPECT_EQ(count, 3);
}

TEST_F(HttpInputTest, NamesTheUrlThatIsNotThere) {
  const SmallHttpServer server([](const std::string&) { return http_answer("404 Not Found", ""); });
  try {
    lines(server, "/gone");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kNotFound);
    EXPECT_THAT(error.what(), HasSubstr(server.url() + "/gone: the server answers with status 404"));
  }
}

TEST_F(HttpInputTest, IsNotLedToAFileOfThisMachine) {
  const SmallHttpServer server(
      [](const std::string&) { return http_answer("302 Found", "", "Location: file:///etc/hostname\r\n"); });
  EXPECT_THROW(lines(server, "/x"), Error);
}

TEST(HttpInput, AsksForNothingThatTheProcessForbids) {
  limit_http_input({.protocols = {"HTTPS"}, .headers = std::vector<std::string>{"X-Kind"}});
  EXPECT_THAT(problem_of(R"({"uris":["http://a"]})"), HasSubstr("Only [https] protocols are allowed"));
  EXPECT_EQ(problem_of(R"({"uris":["https://a"],"requestHeaders":{"x-kind":"b"}})"), "none");
  EXPECT_THAT(problem_of(R"({"uris":["https://a"],"requestHeaders":{"Cookie":"b"}})"),
              HasSubstr("Got forbidden header [Cookie], allowed headers are only [[x-kind]]."));
  limit_http_input({});
}

TEST(HttpInput, ReadsTheSpec) {
  const auto requests = parse(R"({"uris":["http://a/1","HTTPS://b/2"],"httpAuthenticationUsername":"u",
      "httpAuthenticationPassword":{"type":"default","password":"p"}})");
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[1].url, "HTTPS://b/2");
  EXPECT_EQ(requests[1].password, "p");
  EXPECT_EQ(parse(R"({"uris":"http://a/1","httpAuthenticationPassword":"q"})")[0].password, "q");
}

TEST(HttpInput, NamesWhatIsWrong) {
  EXPECT_THAT(problem_of(R"({"uris":[]})"), HasSubstr("uris"));
  EXPECT_THAT(problem_of(R"({"uris":["file:///etc/passwd"]})"), HasSubstr("Only [http, https] protocols are allowed"));
  EXPECT_THAT(problem_of(R"({"uris":["http://a"],"requestHeaders":{"a":"b\r\nc: d"}})"), HasSubstr("requestHeaders.a"));
  EXPECT_THAT(problem_of(R"({"uris":["http://a"],"httpAuthenticationPassword":{"type":"defualt"}})"),
              HasSubstr("did you mean"));
  EXPECT_THAT(problem_of(R"({"uris":["http://a"],"httpAuthenticationPassword":{"type":"environment",
      "variable":"SARSEN_NO_SUCH_VARIABLE"}})"),
              HasSubstr("SARSEN_NO_SUCH_VARIABLE"));
}

}  // namespace
}  // namespace sarsen::ingest
