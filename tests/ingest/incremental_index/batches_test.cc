// Rows are folded batch by batch: whatever an aggregator keeps of one batch, it must not take for the next, be that of
// the same size, and what it gathers must not grow with the rows.
#include <gtest/gtest.h>

#include <random>

#include "tests/ingest/support/index_fixture.h"

namespace sarsen::ingest {
namespace {

using Rows = std::vector<std::string>;

std::string schema_of(const std::string& metrics) {
  return R"({"dataSource":"x","timestampSpec":{"column":"t","format":"millis"},"dimensionsSpec":{"dimensions":["k"]},
             "metricsSpec":[)" +
         metrics + R"(],"granularitySpec":{"queryGranularity":"DAY"}})";
}

std::string row_of(int i) {
  return R"({"t":)" + std::to_string(i) + R"(,"k":"k","a":)" + std::to_string(i) + R"(,"b":1})";
}

/// Rows [0, count), published after each of the first few, which makes batches of one row, and then as they are full.
Rows added(const std::string& metrics, int count, int step = 1) {
  IndexFixture fixture(schema_of(metrics));
  for (int i = 0; i < count; i += step) {
    fixture.add(row_of(i));
    if (i < 70 || (i > 3000 && i < 3010)) fixture.index().flush();
  }
  EXPECT_TRUE(fixture.problems().empty());
  fixture.index().flush();
  return rows_of(*fixture.index().snapshot());
}

constexpr int kRows = 10'000;

TEST(BatchesTest, ExpressionsAreComputedOfEach) {
  EXPECT_EQ(added(R"x({"type":"longSum","name":"s","expression":"a + b"},
                     {"type":"longMax","name":"m","expression":"__time * 2"},
                     {"type":"doubleSum","name":"d","expression":"if(a % 2 == 0, 0.5, 0)"},
                     {"type":"longSum","name":"h","expression":"timestamp_extract(__time, 'SECOND') + 1"})x",
                  kRows),
            Rows{"0|k|50005000|19998|2500|55000"});
}

TEST(BatchesTest, FiltersAreAskedOfEach) {
  const auto filtered = [](const std::string& name, const std::string& filter) {
    return R"({"type":"filtered","aggregator":{"type":"count","name":")" + name + R"("},"filter":)" + filter + "}";
  };
  const std::string metrics = filtered("e", R"({"type":"expression","expression":"a >= 5000"})") + "," +
                              filtered("t", R"({"type":"expression","expression":"__time < 100"})") + "," +
                              filtered("s", R"({"type":"selector","dimension":"a","value":"7000"})") + "," +
                              filtered("b", R"({"type":"bound","dimension":"a","upper":"2999","ordering":"numeric"})");
  EXPECT_EQ(added(metrics, kRows), Rows{"0|k|5000|100|1|3000"});
}

TEST(BatchesTest, SketchesAreOfTheRowsThatPass) {
  const std::string all = R"({"type":"hyperUnique","name":"u","fieldName":"a"})";
  const std::string even =
      R"({"type":"filtered","filter":{"type":"expression","expression":"a % 2 == 0"},"aggregator":)" + all + "}";
  EXPECT_EQ(added(even, kRows), added(all, kRows, 2));
  const std::string low =
      R"({"type":"filtered","filter":{"type":"bound","dimension":"a","upper":"4321","ordering":"numeric"},"aggregator":)" +
      all + "}";
  EXPECT_EQ(added(low, kRows), added(all, 4322));
}

TEST(BatchesTest, FirstAndLastAreOfTheRowsThatPass) {
  const std::string last = R"({"type":"stringLast","name":"u","fieldName":"a"})";
  const std::string first = R"({"type":"longFirst","name":"v","fieldName":"a"})";
  const auto even = [](const std::string& aggregator) {
    return R"({"type":"filtered","filter":{"type":"expression","expression":"a % 2 == 0"},"aggregator":)" + aggregator +
           "}";
  };
  EXPECT_EQ(added(even(last) + "," + even(first), kRows), added(last + "," + first, kRows, 2));
}

/// A row of anything, in which each field may be missing.
std::string random_row(std::mt19937& random) {
  const auto below = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
  std::string row = R"({"t":)" + std::to_string(below(100'000'000)) + R"(,"k":"k)" + std::to_string(below(5)) + '"';
  if (below(4) != 0) row += R"(,"a":"text)" + std::to_string(below(300)) + '"';
  if (below(4) != 0) row += R"(,"l":)" + std::to_string(below(1000) - 500);
  if (below(4) != 0) row += R"(,"d":)" + std::to_string(below(64)) + (below(2) == 0 ? ".5" : "");
  if (below(4) == 0) row += R"(,"m":["x)" + std::to_string(below(20)) + R"(","y",null])";
  if (below(4) == 0) row += R"(,"m":"x)" + std::to_string(below(20)) + '"';
  return row + "}";
}

std::string random_filter(int number) {
  switch (number % 6) {
    case 0:
      return R"({"type":"expression","expression":"l > 100"})";
    case 1:
      return R"({"type":"in","dimension":"m","values":["x1","x2","null"]})";
    case 2:
      return R"({"type":"not","field":{"type":"expression","expression":"m == 'y'"}})";
    case 3:
      return R"({"type":"interval","dimension":"__time","intervals":["1970-01-01/1970-01-02"]})";
    case 4:
      return R"({"type":"range","column":"d","matchValueType":"DOUBLE","lower":20})";
    default:
      return R"({"type":"like","dimension":"a","pattern":"text1%"})";
  }
}

/// One of each aggregator that takes raw values, once for all rows and once for some.
std::string all_metrics() {
  std::string metrics = R"({"type":"count","name":"count"})";
  int number = 0;
  const auto add = [&](const std::string& type, const std::string& input) {
    const std::string name = std::to_string(number++);
    const auto metric = [&](const char* prefix) {
      return R"({"type":")" + type + R"(","name":")" + prefix + name + R"(",)" + input + "}";
    };
    metrics += "," + metric("m") + R"(,{"type":"filtered","aggregator":)" + metric("f") + R"(,"filter":)" +
               random_filter(number) + "}";
  };
  for (const char* type : {"longSum", "doubleSum", "floatSum", "longMin", "doubleMax", "floatMin"}) {
    add(type, R"("fieldName":"d")");
    add(type, R"("expression":"l + d * 2")");
  }
  for (const char* type : {"longFirst", "longLast", "doubleLast", "floatFirst"}) add(type, R"("fieldName":"l")");
  for (const char* type : {"stringFirst", "stringLast", "hyperUnique", "thetaSketch", "HLLSketchBuild"}) {
    add(type, R"("fieldName":"a")");
    add(type, R"("fieldName":"m")");
  }
  add("cardinality", R"("fields":["a","m"])");
  add("cardinality", R"("fields":["a","l"],"byRow":true)");
  add("variance", R"("fieldName":"d")");
  add("approxHistogram", R"("fieldName":"d","resolution":100)");
  add("fixedBucketsHistogram",
      R"("fieldName":"d","numBuckets":8,"lowerLimit":0,"upperLimit":64,"outlierHandlingMode":"ignore")");
  return metrics;
}

TEST(BatchesTest, AreOfNoConsequence) {
  std::mt19937 random(5);  // NOLINT(bugprone-random-generator-seed): the same rows each time
  IndexFixture one(schema_of(all_metrics())), full(schema_of(all_metrics()));
  for (int i = 0; i < 5000; ++i) {
    const std::string row = random_row(random);
    EXPECT_EQ(one.add(row), full.add(row)) << row;
    one.index().flush();
  }
  full.index().flush();
  const Rows wanted = rows_of(*one.index().snapshot());
  EXPECT_EQ(wanted.size(), 10U);
  EXPECT_EQ(rows_of(*full.index().snapshot()), wanted);
}

TEST(BatchesTest, TextsThatFiltersHaveSeenAreForgotten) {
  const std::string last =
      R"({"type":"filtered","filter":{"type":"in","dimension":"a","values":["1","99999","100001","249999"]},
          "aggregator":{"type":"count","name":"n"}})";
  EXPECT_EQ(added(last, 250'000), Rows{"0|k|4"});
}

}  // namespace
}  // namespace sarsen::ingest
