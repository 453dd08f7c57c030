// groupBy beyond its plain answers: subtotals, having by filter, rows that limitSpec takes for one; topN by segment.
#include <gtest/gtest.h>

#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

const std::string kGroupBy =
    R"({"queryType":"groupBy","dataSource":"t","intervals":"1970/1971","granularity":"all","context":{"resultAsArray":true},)"
    R"("aggregations":[{"type":"count","name":"rows"},{"type":"longSum","name":"sum","fieldName":"n"}],)";

std::string rows(const storage::Catalog& catalog, const std::string& rest) { return answer(catalog, kGroupBy + rest); }

TEST(GroupBy, GivesSubtotalsOneAfterAnother) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string both = R"("dimensions":["page","tags"],)";
  EXPECT_EQ(rows(catalog, both + R"("subtotalsSpec":[["page"],[]]})"),
            R"([[null,null,1,4],["a",null,4,25],["b",null,2,2],["c",null,1,null],[null,null,8,31]])");
  EXPECT_EQ(
      rows(catalog, both + R"("subtotalsSpec":[["tags","page"]],"limitSpec":{"type":"default","limit":2,"offset":1}})"),
      R"([["a",null,1,3],["a","x",1,2]])");
  // The order of limitSpec mixes them.
  EXPECT_EQ(rows(catalog, both + R"("subtotalsSpec":[["page"],["page"],[]],"limitSpec":{"type":"default","limit":3,)"
                                 R"("columns":[{"dimension":"rows","direction":"descending"}]}})"),
            R"([[null,null,8,31],["a",null,4,25],["a",null,4,25]])");
  EXPECT_EQ(rows(catalog, both + R"("subtotalsSpec":[]})"), "[]");
  EXPECT_EQ(rows(catalog, both + R"("subtotalsSpec":[[]],"filter":{"type":"false"}})"), "[]");
  EXPECT_EQ(refusal(catalog, kGroupBy + both + R"("subtotalsSpec":[["nope"]]})"),
            "subtotalsSpec[0]: Subtotal spec [\"nope\"] is either not a subset of top level dimensions.");
}

TEST(GroupBy, KnowsTheDimensionsOfASubtotalByTheirColumns) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string renamed =
      R"({"queryType":"groupBy","dataSource":"t","intervals":"1970/1971","granularity":"all","context":)"
      R"({"resultAsArray":true},"dimensions":[{"type":"default","dimension":"page","outputName":"p"}],)"
      R"("subtotalsSpec":[["p"],[]],"limitSpec":{"type":"default","limit":1},)"
      R"("aggregations":[{"type":"grouping","name":"by_column","groupings":["page"]},)"
      R"({"type":"grouping","name":"by_output","groupings":["p"]}]})";
  EXPECT_EQ(answer(catalog, renamed), "[[null,0,1]]");
}

TEST(GroupBy, AsksHavingOfMergedRows) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string page = R"("dimensions":["page"],"having":)";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"type":"filter","filter":{"type":"and","fields":[{"type":"bound","dimension":"rows","lower":"1","upper":"1","ordering":"numeric"},
        {"type":"not","field":{"type":"selector","dimension":"page","value":null}}]}})",
       R"([["b",1,1],["c",1,null]])"},
      {R"({"type":"filter","filter":{"type":"selector","dimension":"sum","value":null}})", R"([["c",1,null]])"},
      {R"({"type":"filter","filter":{"type":"selector","dimension":"__time","value":"0"}})",
       R"([[null,1,4],["a",3,15],["b",1,1],["c",1,null]])"},
      {R"({"type":"greaterThan","aggregation":"rows","value":"2"})", R"([["a",3,15]])"},
      {R"({"type":"greaterThan","aggregation":"rows"})", "[]"},
      {R"({"type":"equalTo","value":3})", "[]"},
      {R"({"type":"always"})", R"([[null,1,4],["a",3,15],["b",1,1],["c",1,null]])"},
      {R"({"type":"dimSelector","dimension":"page"})", "[[null,1,4]]"},
      {R"({"type":"dimSelector","dimension":"page","value":""})", "[[null,1,4]]"},
      {R"({"type":"dimSelector","dimension":"page","extractionFn":{"type":"substring","index":5}})",
       R"([[null,1,4],["a",3,15],["b",1,1],["c",1,null]])"},
      {R"({"type":"dimSelector","dimension":"page","value":"B","extractionFn":{"type":"upper"}})", R"([["b",1,1]])"},
      {R"({"type":"not","havingSpec":{"type":"or","havingSpecs":[]}})",
       R"([[null,1,4],["a",3,15],["b",1,1],["c",1,null]])"},
  };
  for (const auto& [having, expected] : cases) EXPECT_EQ(rows(catalog, page + having + "}"), expected) << having;
  EXPECT_NE(refusal(catalog, kGroupBy + page + R"({"type":"never"}})"), "");
  EXPECT_NE(refusal(catalog, kGroupBy + page + R"({"type":"lessThan","aggregation":"rows","value":"x"}})"), "");
}

/// Druid groups by dictionary ids, so what becomes one value is combined; rows without values are apart from null.
TEST(GroupBy, CombinesTheGroupsOfIdsThatBecomeOneValue) {
  storage::Catalog catalog;
  auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1, 2, 3, 4}, Form::kMapped);
  segment->strings("page", {"a", "b", "a", "c"})
      .lists("tags", {{"x"}, {}, {std::nullopt}, {"x", "y"}})
      .longs("n", {1, 2, 3, 4});
  serve(catalog, "t", segment);
  const auto sums = [&](const std::string& page, const std::string& dimension) {
    return answer(
        catalog,
        R"({"queryType":"groupBy","dataSource":"t","intervals":"1970/1971","granularity":"all","context":{"resultAsArray":true},
        "aggregations":[{"type":"filtered","filter":{"type":"selector","dimension":"page","value":")" +
            page +
            R"("},"aggregator":{"type":"expression","name":"x","fields":["n"],"initialValue":"0","fold":"__acc + n",
          "combine":"__acc + x"}}],"dimensions":[)" +
            dimension + "]}");
  };
  const std::string all_one =
      R"({"type":"lookup","dimension":"page","outputName":"d","replaceMissingValueWith":"one","lookup":{"type":"map","map":{}}})";
  EXPECT_EQ(sums("a", R"("page")"), R"([["a",4],["b",null],["c",null]])");
  EXPECT_EQ(sums("a", all_one), R"([["one",null]])");
  EXPECT_EQ(sums("b", R"("tags")"), R"([[null,null],["x",null],["y",null]])");
  EXPECT_EQ(sums("c", R"({"type":"listFiltered","delegate":"tags","values":["x"]})"), R"([[null,null],["x",4]])");
}

TEST(GroupBy, SortsByTimeFirstWithinAnother) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string inner =
      R"({"queryType":"groupBy","dataSource":"t","intervals":"1970/1971","granularity":"hour","dimensions":["page"],)"
      R"("context":{"resultAsArray":true,"sortByDimsFirst":true},"aggregations":[{"type":"count","name":"rows"}],)"
      R"("limitSpec":{"type":"default","limit":2,"columns":["page"]}})";
  EXPECT_EQ(answer(catalog, inner), R"([[7200000,null,1],[0,"a",1]])");
  EXPECT_EQ(
      answer(
          catalog,
          R"({"queryType":"groupBy","intervals":"1970/1971","granularity":"all","context":{"resultAsArray":true},)"
          R"("dimensions":["page"],"aggregations":[{"type":"count","name":"n"}],"dataSource":{"type":"query","query":)" +
              inner + "}}"),
      R"([["a",1],["b",1]])");
}

TEST(GroupBy, MergesRowsThatAPushedLimitTakesForEqual) {
  storage::Catalog catalog;
  auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1, 2, 3}, Form::kMapped);
  segment->strings("s", {"1", "01", "2"}).longs("n", {1, 2, 4});
  serve(catalog, "t", segment);
  const std::string by_number =
      R"("dimensions":["s"],"limitSpec":{"type":"default","columns":[{"dimension":"s","dimensionOrder":"numeric"}])";
  EXPECT_EQ(rows(catalog, by_number + R"(,"limit":5}})"), R"([["01",2,3],["2",1,4]])");
  EXPECT_EQ(rows(catalog, by_number + "}}"), R"([["01",1,2],["1",1,1],["2",1,4]])");
}

TEST(TopN, TakesTheEmptyNameForAName) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string query = R"({"queryType":"topN","dataSource":"t","intervals":"1970/1971","granularity":"all",)"
                            R"("dimension":"page","threshold":2,"metric":"","aggregations":[{"type":"count","name":")";
  EXPECT_NE(refusal(catalog, query + R"(rows"}]})").find("metric: no aggregation"), std::string::npos);
  EXPECT_EQ(refusal(catalog, query + R"("}]})"), "");
}

TEST(TopN, OrdersNamesByTheirNumbers) {
  storage::Catalog catalog;
  auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1, 2, 3, 4}, Form::kMapped);
  segment->strings("s", {"a10", "a9", std::nullopt, "a"});
  serve(catalog, "t", segment);
  const auto names = [&](const std::string& metric) {
    return answer(catalog,
                  R"({"queryType":"topN","dataSource":{"type":"globalTable","name":"t"},"intervals":"1970/1971",)"
                  R"("granularity":"all","dimension":"s","threshold":2,"metric":)" +
                      metric + "}");
  };
  const auto of = [](const std::string& first, const std::string& second) {
    return R"([{"timestamp":"1970-01-01T00:00:00.001Z","result":[{"s":)" + first + R"(},{"s":)" + second + "}]}]";
  };
  EXPECT_EQ(names(R"({"type":"alphaNumeric","previousStop":"a"})"), of(R"("a9")", R"("a10")"));
  EXPECT_EQ(names(R"({"type":"lexicographic","previousStop":"a"})"), of(R"("a10")", R"("a9")"));
  EXPECT_EQ(names(R"({"type":"lexicographic"})"), of("null", R"("a")"));
  EXPECT_EQ(
      answer(catalog, R"({"queryType":"timeBoundary","bound":"maxTime","dataSource":{"type":"table","name":"t"}})"),
      R"([{"timestamp":"1970-01-01T00:00:00.004Z","result":{"maxTime":"1970-01-01T00:00:00.004Z"}}])");
}

/// The null of a column of numbers comes to Druid's queue last, and there is no room left.
TEST(TopN, MissesTheNullOfManyNumbers) {
  storage::Catalog catalog;
  auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1, 2, 3}, Form::kMapped);
  segment->longs("n", {7, std::nullopt, 5}).strings("s", {"7", std::nullopt, "5"});
  serve(catalog, "t", segment);
  const auto best = [&](const std::string& dimension, int kept) {
    return answer(catalog, R"({"queryType":"topN","dataSource":"t","intervals":"1970/1971","granularity":"all",)"
                           R"("metric":{"type":"alphaNumeric"},"threshold":2,"dimension":")" +
                               dimension + R"(","context":{"minTopNThreshold":)" + std::to_string(kept) + "}}");
  };
  const std::string time = R"([{"timestamp":"1970-01-01T00:00:00.001Z","result":)";
  EXPECT_EQ(best("n", 3), time + R"([{"n":null},{"n":"5"}]}])");
  EXPECT_EQ(best("n", 2), time + R"([{"n":"5"},{"n":"7"}]}])");
  EXPECT_EQ(best("s", 2), time + R"([{"s":null},{"s":"5"}]}])");
}

TEST(TopN, KeepsOfEachSegmentWhatItIsTold) {
  storage::Catalog catalog;
  auto first = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1, 2, 3, 4, 5, 6}, Form::kMapped);
  first->strings("s", {"a", "a", "a", "b", "b", "c"});
  auto second = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1, 2, 3, 4, 5}, Form::kMapped);
  second->strings("s", {"c", "c", "c", "b", "b"});
  serve(catalog, "t", first, 0);
  serve(catalog, "t", second, 1);
  const std::string query =
      R"({"queryType":"topN","dataSource":"t","intervals":"1970/1971","granularity":"all","dimension":"s","metric":"n","threshold":1,)"
      R"("aggregations":[{"type":"count","name":"n"}])";
  // b is the second of both segments, with more rows than any other together.
  EXPECT_EQ(answer(catalog, query + "}"), R"([{"timestamp":"1970-01-01T00:00:00.001Z","result":[{"n":4,"s":"b"}]}])");
  EXPECT_EQ(answer(catalog, query + R"(,"context":{"minTopNThreshold":1}})"),
            R"([{"timestamp":"1970-01-01T00:00:00.001Z","result":[{"n":3,"s":"a"}]}])");
}

}  // namespace
}  // namespace sarsen::engine
