#include "server/http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/server/http/recording_writer.h"

namespace sarsen::server {
namespace {

using testing::HasSubstr;

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    add("POST", "/druid/v2/");
    add("DELETE", "/druid/v2/{id}");
    add("GET", "/druid/v2/datasources");
    add("GET", "/druid/v2/datasources/{name}");
    add("GET", "/druid/v2/datasources/{name}/dimensions");
    add("GET", "/status/health");
  }

  void add(std::string_view method, std::string_view pattern) {
    router_.add(method, pattern, Execution::kInline, [pattern](const Request& request, ResponseWriter& writer) {
      std::string text(pattern);
      for (const std::string& value : request.path_values) text += " " + value;
      writer.respond(200, "text/plain", text);
    });
  }

  RecordingWriter ask(std::string_view method, std::string_view target) {
    Request request;
    request.method = method;
    EXPECT_TRUE(parse_target(target, request));
    RecordingWriter writer;
    (*router_.match(request).handler)(request, writer);
    return writer;
  }

  Router router_;
};

TEST_F(RouterTest, TakesPathsWithAndWithoutTheFinalSlash) {
  for (const char* target : {"/druid/v2", "/druid/v2/", "/druid/v2?pretty", "/druid/v2/?pretty"})
    EXPECT_EQ(ask("POST", target).body, "/druid/v2/") << target;
  EXPECT_EQ(ask("GET", "/druid/v2/datasources/wiki/").body, "/druid/v2/datasources/{name} wiki");
}

TEST_F(RouterTest, PrefersLiteralPaths) {
  EXPECT_EQ(ask("GET", "/druid/v2/datasources").body, "/druid/v2/datasources");
  EXPECT_EQ(ask("DELETE", "/druid/v2/abc").body, "/druid/v2/{id} abc");
}

TEST_F(RouterTest, DecodesEachSegmentAlone) {
  EXPECT_EQ(ask("GET", "/druid/v2/datasources/a%2Fb%20c+d/dimensions").body,
            "/druid/v2/datasources/{name}/dimensions a/b c+d");
}

TEST_F(RouterTest, SaysWhatIsNotFoundAndWhatIsNear) {
  const RecordingWriter answer = ask("GET", "/status/heath");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, HasSubstr("\"category\":\"NOT_FOUND\""));
  EXPECT_THAT(answer.body, HasSubstr("/status/heath"));
  EXPECT_THAT(answer.body, HasSubstr("/status/health"));
}

TEST_F(RouterTest, SaysWhichMethodsAPathAnswersTo) {
  const RecordingWriter answer = ask("PUT", "/druid/v2");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("Allow"), "POST");
  EXPECT_EQ(ask("HEAD", "/status/health").status, 405);
}

TEST_F(RouterTest, LetsAGuardAnswerForAllBelowAPath) {
  bool guarded = true;
  router_.guard({.prefix = "/druid/v2/datasources",
                 .takes = [&guarded](const Request&) { return guarded; },
                 .handler = [](const Request&, ResponseWriter& writer) { writer.respond(307, "", ""); }});
  EXPECT_EQ(ask("GET", "/druid/v2/datasources/wiki").status, 307);
  EXPECT_EQ(ask("GET", "/druid/v2/datasources/no/such/path").status, 307);
  EXPECT_EQ(ask("POST", "/druid/v2").status, 200);
  guarded = false;
  EXPECT_EQ(ask("GET", "/druid/v2/datasources/wiki").status, 200);
}

TEST_F(RouterTest, NeverTakesAnEmptySegmentForAName) {
  EXPECT_EQ(ask("GET", "/druid/v2/datasources//dimensions").status, 404);
}

}  // namespace
}  // namespace sarsen::server
