#include "server/cli/result_table.h"

#include <gtest/gtest.h>

namespace sarsen::server {
namespace {

std::string table(std::string_view json) { return result_table(Json::parse(json)).value_or("(none)"); }

TEST(ResultTableTest, ShowsRowsOfEachKindOfAnswer) {
  EXPECT_EQ(table(R"([{"timestamp":"T","result":{"n":5,"s":1.5}}])"),
            "timestamp  n    s\n"
            "---------  -  ---\n"
            "T          5  1.5\n"
            "1 row\n");
  EXPECT_EQ(table(R"([{"timestamp":"T","result":[{"page":"A","n":10},{"page":null,"n":9}]}])"),
            "timestamp  page   n\n"
            "---------  ----  --\n"
            "T          A     10\n"
            "T          null   9\n"
            "2 rows\n");
  EXPECT_EQ(table(R"([{"version":"v1","timestamp":"T","event":{"d":["x","y"]}}])"),
            "timestamp  d\n"
            "---------  ---------\n"
            "T          [\"x\",\"y\"]\n"
            "1 row\n");
  EXPECT_EQ(table(R"([{"segmentId":"s","columns":["a","b"],"events":[{"a":1,"b":"x"}]}])"),
            "a  b\n"
            "-  -\n"
            "1  x\n"
            "1 row\n");
  EXPECT_EQ(table(R"([{"segmentId":"s","columns":["a","b"],"events":[[1,"x"]]}])"),
            "a  b\n"
            "-  -\n"
            "1  x\n"
            "1 row\n");
}

TEST(ResultTableTest, AlignsByCharactersNotBytes) {
  EXPECT_EQ(table(R"([{"result":{"a":"é","b":"x"}},{"result":{"a":"ee","b":"y"}}])"),
            "a   b\n"
            "--  -\n"
            "é   x\n"
            "ee  y\n"
            "2 rows\n");
}

TEST(ResultTableTest, KeepsACellOnItsLine) {
  EXPECT_EQ(table(R"([{"result":{"a":"x\ny\u001b[2J"}}])"),
            "a\n"
            "-------\n"
            "x y [2J\n"
            "1 row\n");
}

TEST(ResultTableTest, SaysSoWhenThereIsNothing) { EXPECT_EQ(table("[]"), "0 rows\n"); }

TEST(ResultTableTest, LeavesOtherShapesToJson) {
  EXPECT_FALSE(result_table(Json::parse(R"([{"id":"merged","columns":{}}])")));
  EXPECT_FALSE(result_table(Json::parse("{}")));
}

}  // namespace
}  // namespace sarsen::server
