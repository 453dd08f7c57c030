#include "tests/support/golden_judge.h"

#include <gtest/gtest.h>

namespace sarsen {
namespace {

std::string difference(const char* query, const char* wanted, const char* answer) {
  return golden_difference(Json::parse(query), Json::parse(wanted), Json::parse(answer));
}

constexpr const char* kTimeseries = R"({"queryType":"timeseries"})";

TEST(GoldenJudge, AllowsAnotherOrderOfKeysAndALittleRounding) {
  EXPECT_EQ(difference(kTimeseries, R"([{"a":1,"b":0.1}])", R"([{"b":0.10000000000000002,"a":1}])"), "");
  EXPECT_EQ(difference(kTimeseries, R"([{"a":2.0}])", R"([{"a":2}])"), "");
}

TEST(GoldenJudge, SeesAnotherInteger) {
  EXPECT_EQ(difference(kTimeseries, "[{\"a\":9007199254740993}]", "[{\"a\":9007199254740992}]"),
            "$[0].a: got 9007199254740992, wanted 9007199254740993");
}

TEST(GoldenJudge, SeesAnotherDouble) {
  EXPECT_EQ(difference(kTimeseries, R"([{"a":1.5}])", R"([{"a":1.50001}])"), "$[0].a: got 1.50001, wanted 1.5");
  EXPECT_EQ(difference(R"({"x":"floatSum"})", R"([{"a":1.5}])", R"([{"a":1.50001}])"), "");
}

TEST(GoldenJudge, SeesMissingAndAddedKeysAndRows) {
  EXPECT_EQ(difference(kTimeseries, R"([{"a":null}])", "[{}]"), "$[0]: key \"a\" is missing");
  EXPECT_EQ(difference(kTimeseries, "[{}]", R"([{"a":null}])"), "$[0]: key \"a\" is not in the wanted answer");
  EXPECT_EQ(difference(kTimeseries, "[1,2]", "[1]"), "$: 1 elements, wanted 2");
  EXPECT_EQ(difference(kTimeseries, "[1]", "[\"1\"]"), "$[0]: got \"1\", wanted 1");
}

constexpr const char* kTopN = R"({"queryType":"topN","metric":{"type":"inverted","metric":"n"}})";

TEST(GoldenJudge, LetsTopNRowsThatTieTradePlaces) {
  const char* wanted = R"([{"timestamp":"t","result":[{"d":"a","n":3},{"d":"b","n":3},{"d":"c","n":1}]}])";
  EXPECT_EQ(
      difference(kTopN, wanted, R"([{"timestamp":"t","result":[{"d":"b","n":3},{"d":"a","n":3},{"d":"x","n":1}]}])"),
      "");
  EXPECT_NE(
      difference(kTopN, wanted, R"([{"timestamp":"t","result":[{"d":"b","n":3},{"d":"x","n":3},{"d":"c","n":1}]}])"),
      "");
  EXPECT_NE(
      difference(kTopN, wanted, R"([{"timestamp":"t","result":[{"d":"a","n":3},{"d":"b","n":3},{"d":"c","n":2}]}])"),
      "");
}

TEST(GoldenJudge, KeepsTheOrderOfATopNByDimension) {
  EXPECT_NE(difference(R"({"queryType":"topN","metric":{"type":"dimension"}})",
                       R"([{"timestamp":"t","result":[{"d":"a"},{"d":"b"}]}])",
                       R"([{"timestamp":"t","result":[{"d":"b"},{"d":"a"}]}])"),
            "");
}

TEST(GoldenJudge, LetsUnorderedScanRowsTradePlacesBelowTheLimit) {
  const char* wanted = R"([{"segmentId":"x","columns":["a"],"events":[[1],[2]]}])";
  const char* turned = R"([{"segmentId":"y","columns":["a"],"events":[[2],[1]]}])";
  EXPECT_EQ(difference(R"({"queryType":"scan","limit":3})", wanted, turned), "");
  EXPECT_NE(difference(R"({"queryType":"scan","limit":2})", wanted, turned), "");
  EXPECT_NE(difference(R"({"queryType":"scan","order":"ascending"})", wanted, turned), "");
}

TEST(GoldenJudge, IgnoresWhatNamesTheServer) {
  EXPECT_EQ(difference(R"({"queryType":"segmentMetadata"})",
                       R"([{"id":"a","size":1,"columns":{"c":{"type":"LONG","size":2}}}])",
                       R"([{"id":"b","size":9,"columns":{"c":{"type":"LONG","size":7}}}])"),
            "");
  EXPECT_EQ(difference(kTimeseries, R"([{"result":{"results":[],"segment":"a","interval":"i"}}])",
                       R"([{"result":{"results":[],"segment":"b","interval":"i"}}])"),
            "");
}

}  // namespace
}  // namespace sarsen
