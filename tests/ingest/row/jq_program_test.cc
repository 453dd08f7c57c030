#include "ingest/row/jq_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/row/raw_json.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using testing::HasSubstr;

bool built_without_jq() {
  try {
    JqProgram program(".");
  } catch (const Error& error) {
    return error.category() == ErrorCategory::kUnsupported;
  }
  return false;
}

class JqProgramTest : public testing::Test {
 protected:
  void SetUp() override {
    if (built_without_jq()) GTEST_SKIP() << "built without libjq";
  }

  /// The value as JSON, or what is wrong.
  std::string run(const std::string& program, const std::string& root) {
    try {
      RowArena arena;
      return json_of(JqProgram(program).first(raw_of(Json::parse(root), arena), arena)).dump();
    } catch (const Error& error) {
      return error.what();
    }
  }
};

TEST_F(JqProgramTest, GivesTheFirstValue) {
  EXPECT_EQ(run(".a.b", R"({"a":{"b":5}})"), "5");
  EXPECT_EQ(run(".a[]", R"({"a":["x","y"]})"), "\"x\"");
  EXPECT_EQ(run(".a | add / length", R"({"a":[1,2,4.5]})"), "2.5");
  EXPECT_EQ(run("{n: .a, l: [.b[] | select(. != null)]}", R"({"a":"é\u0000z","b":[true,null,false]})"),
            Json::parse(R"({"n":"é\u0000z","l":[true,false]})").dump());
  EXPECT_EQ(run(".missing", "{}"), "null");
}

TEST_F(JqProgramTest, RunsAgainAfterARowThatFailed) {
  const JqProgram program(".a + 1");
  RowArena arena;
  EXPECT_THROW(program.first(raw_of(Json::parse(R"({"a":"x"})"), arena), arena), Error);
  EXPECT_EQ(program.first(raw_of(Json::parse(R"({"a":2})"), arena), arena).integer, 3);
}

TEST_F(JqProgramTest, SaysWhatIsWrong) {
  EXPECT_THAT(run(".a[", "{}"), HasSubstr("The jq program is wrong: "));
  EXPECT_THAT(run(".a | error(\"so\")", "{}"), HasSubstr("The jq program fails: so"));
  EXPECT_THAT(run("empty", "{}"), HasSubstr("gives no value"));
  EXPECT_THAT(run(".a", R"({"a":9007199254740993})"), HasSubstr("2^53"));
}

}  // namespace
}  // namespace sarsen::ingest
