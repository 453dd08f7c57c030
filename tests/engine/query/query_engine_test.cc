// Whole queries over segments in memory: the shapes of the answers, and that they depend neither on the form of the
// rows (mapped, live, split over segments) nor on the number of threads.

#include "engine/query/query_engine.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

const std::string kAggregations =
    R"("aggregations":[{"type":"count","name":"rows"},{"type":"longSum","name":"n","fieldName":"n"},{"type":"doubleMax","name":"d","fieldName":"d"}])";

TEST(QueryEngine, TimeBoundaryGivesBothEnds) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string query = R"({"queryType":"timeBoundary","dataSource":"t"})";
  EXPECT_EQ(
      answer(catalog, query),
      R"([{"timestamp":"1970-01-01T00:00:00.010Z","result":{"maxTime":"1970-01-01T03:00:00.000Z","minTime":"1970-01-01T00:00:00.010Z"}}])");
  QueryLimits java7;
  java7.key_order = KeyOrder::kJava7;
  EXPECT_EQ(answer(catalog, query, 1, java7, JsonStyle::kPretty),
            "[ {\n  \"timestamp\" : \"1970-01-01T00:00:00.010Z\",\n  \"result\" : {\n    \"minTime\" : "
            "\"1970-01-01T00:00:00.010Z\",\n"
            "    \"maxTime\" : \"1970-01-01T03:00:00.000Z\"\n  }\n} ]");
}

TEST(QueryEngine, TimeBoundaryHonoursBoundIntervalAndFilter) {
  storage::Catalog catalog;
  serve_example(catalog);
  EXPECT_EQ(answer(catalog, R"({"queryType":"timeBoundary","dataSource":"t","bound":"maxTime"})"),
            R"([{"timestamp":"1970-01-01T03:00:00.000Z","result":{"maxTime":"1970-01-01T03:00:00.000Z"}}])");
  EXPECT_EQ(
      answer(catalog, R"({"queryType":"timeBoundary","dataSource":"t","bound":"minTime","intervals":"1970-01-01T01/P1D",
                              "filter":{"type":"selector","dimension":"page","value":"c"},"context":{"serializeDateTimeAsLong":true}})"),
      R"([{"timestamp":7200002,"result":{"minTime":7200002}}])");
  EXPECT_EQ(answer(catalog, R"({"queryType":"timeBoundary","dataSource":"nowhere"})"), "[]");
}

TEST(QueryEngine, TimeseriesFillsEmptyBucketsBetweenFirstAndLastRow) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string base =
      R"({"queryType":"timeseries","dataSource":"t","intervals":"1970-01-01/P1D","granularity":"hour",)";
  EXPECT_EQ(answer(catalog, base + kAggregations + "}"),
            R"([{"timestamp":"1970-01-01T00:00:00.000Z","result":{"rows":2,"d":0.5,"n":3}},)"
            R"({"timestamp":"1970-01-01T01:00:00.000Z","result":{"rows":0,"d":null,"n":null}},)"
            R"({"timestamp":"1970-01-01T02:00:00.000Z","result":{"rows":3,"d":1.0E7,"n":7}},)"
            R"({"timestamp":"1970-01-01T03:00:00.000Z","result":{"rows":1,"d":0.25,"n":10}}])");
  EXPECT_EQ(
      answer(catalog, base + R"("descending":true,"limit":2,"context":{"skipEmptyBuckets":true,"grandTotal":true},
                                     "aggregations":[{"type":"count","name":"rows"}]})"),
      R"([{"timestamp":"1970-01-01T03:00:00.000Z","result":{"rows":1}},{"timestamp":"1970-01-01T02:00:00.000Z","result":{"rows":3}},)"
      R"({"timestamp":null,"result":{"rows":4}}])");
}

/// Druid combines the null of a segment without rows, too.
TEST(QueryEngine, TimeseriesMergesNulls) {
  storage::Catalog catalog;
  std::uint32_t partition = 0;
  for (const char* page : {"a", "b"}) {
    auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1, 2}, Form::kMapped);
    segment->strings("page", {page, "c"}).longs("n", {3, 4});
    serve(catalog, "t", segment, partition++);
  }
  const auto result = [&](const std::string& rest) {
    return answer(catalog, R"({"queryType":"timeseries","dataSource":"t","intervals":"1970/1971","aggregations":[
        {"type":"expression","name":"x","fields":["n"],"initialValue":"0","fold":"__acc + n","combine":"__acc + x"}],)" +
                               rest + "}");
  };
  const auto of_page = [](const std::string& page) {
    return R"("filter":{"type":"selector","dimension":"page","value":")" + page + "\"}";
  };
  const std::string at_1 = R"([{"timestamp":"1970-01-01T00:00:00.001Z","result":)";
  const std::string day = R"("granularity":"day",)";
  EXPECT_EQ(result(R"("granularity":"all",)" + of_page("c")), at_1 + R"({"x":8}}])");
  EXPECT_EQ(result(R"("granularity":"all",)" + of_page("b")), at_1 + R"({"x":null}}])");
  EXPECT_EQ(result(day + of_page("c")), R"([{"timestamp":"1970-01-01T00:00:00.000Z","result":{"x":8}}])");
  EXPECT_EQ(result(day + of_page("b")), R"([{"timestamp":"1970-01-01T00:00:00.000Z","result":{"x":null}}])");
  EXPECT_EQ(result(day + of_page("b") + R"(,"context":{"skipEmptyBuckets":true})"),
            R"([{"timestamp":"1970-01-01T00:00:00.000Z","result":{"x":3}}])");
}

/// Druid has an index for all of what `not` is of, or asks each row for all of it; a bound is then false of null.
TEST(QueryEngine, NotAsksIndexesForAllOrForNothing) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string bound = R"({"type":"bound","dimension":"page","lower":"b"})";
  const auto count = [&](const std::string& field) {
    const Json rows =
        Json::parse(answer(catalog, R"({"queryType":"timeseries","dataSource":"t","granularity":"all",)"
                                    R"("intervals":"1970/1971","aggregations":[{"type":"count","name":"x"}],)"
                                    R"("filter":{"type":"not","field":)" +
                                        field + "}}"));
    return rows.array().front().find("result")->find("x")->dump();
  };
  EXPECT_EQ(count(bound), "3");
  EXPECT_EQ(count(R"({"type":"and","fields":[{"type":"like","dimension":"n","pattern":"%"},)" + bound + "]}"), "4");
}

/// Nor does it combine anything with a total that is null so far.
TEST(QueryEngine, AGrandTotalBeginsWithWhatIsNotNull) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string sum =
      R"j({"type":"filtered","filter":{"type":"selector","dimension":"page","value":"c"},"aggregator":{"type":"expression",)j"
      R"j("name":"x","fields":["n"],"initialValue":"7","fold":"__acc + nvl(n, 0)","combine":"__acc + x"}})j";
  const auto total = [&](const std::string& intervals) {
    const Json rows = Json::parse(answer(
        catalog, R"({"queryType":"timeseries","dataSource":"t","granularity":"hour","context":{"grandTotal":true},)"
                 R"("intervals":")" +
                     intervals + R"(","aggregations":[)" + sum + "]}"));
    return rows.array().back().find("result")->find("x")->dump();
  };
  EXPECT_EQ(total("1970-01-01T00:00/PT3H"), "7");
  EXPECT_EQ(total("1970-01-01T00:00/PT4H"), "null");
}

TEST(QueryEngine, AGrandTotalOfNoRowsIsWhatDruidMakesOfNull) {
  storage::Catalog catalog;
  serve_example(catalog);
  const auto total = [&](const std::string& finalize) {
    return answer(catalog,
                  R"({"queryType":"timeseries","dataSource":"t","intervals":"1970-01-01/P1D","granularity":"hour",
        "filter":{"type":"false"},"context":{"skipEmptyBuckets":true,"grandTotal":true,"finalize":)" +
                      finalize + R"(},
        "aggregations":[{"type":"count","name":"a"},{"type":"cardinality","name":"b","fields":["page"]},
          {"type":"filtered","filter":{"type":"true"},"aggregator":{"type":"cardinality","name":"c","fields":["page"],"round":true}},
          {"type":"HLLSketchBuild","name":"d","fieldName":"page","round":true},{"type":"KllFloatsSketch","name":"e","fieldName":"d"}],
        "postAggregations":[{"type":"longGreatest","name":"p","fields":[{"type":"fieldAccess","fieldName":"a"},
          {"type":"constant","name":"two","value":2}]}]})");
  };
  EXPECT_EQ(total("true"), R"([{"timestamp":null,"result":{"p":2,"a":null,"b":0.0,"c":0,"d":0.0,"e":null}}])");
  EXPECT_EQ(total("false"), R"([{"timestamp":null,"result":{"p":2,"a":null,"b":null,"c":null,"d":null,"e":null}}])");
}

TEST(QueryEngine, HistogramsAreOrderedByTheirCounts) {
  storage::Catalog catalog;
  auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>{0, 0, 0, 0, 0, 0}, Form::kMapped);
  segment->strings("page", {"a", "b", "b", "b", "c", "c"}).longs("n", {90, 1, 2, 3, 50, 60});
  serve(catalog, "t", segment, 0);
  for (const char* histogram : {R"("type":"approxHistogram")",
                                R"("type":"fixedBucketsHistogram","upperLimit":100,"outlierHandlingMode":"ignore")"}) {
    const std::string aggregations =
        R"("dataSource":"t","intervals":"1970-01-01/P1D","granularity":"all","aggregations":[
        {"name":"h","fieldName":"n",)" +
        std::string(histogram) + "}]";
    const auto pages = [&](const std::string& query) {
      return answer(catalog, "{" + query + "," + aggregations + "}");
    };
    const std::string groups = pages(
        R"("queryType":"groupBy","dimensions":["page"],"limitSpec":{"type":"default","columns":[{"dimension":"h","direction":"descending"}]})");
    EXPECT_LT(groups.find(R"("page":"b")"), groups.find(R"("page":"c")"));
    EXPECT_LT(groups.find(R"("page":"c")"), groups.find(R"("page":"a")"));
    const std::string top = pages(R"("queryType":"topN","dimension":"page","metric":"h","threshold":3)");
    EXPECT_LT(top.find(R"("page":"b")"), top.find(R"("page":"c")"));
    EXPECT_LT(top.find(R"("page":"c")"), top.find(R"("page":"a")"));
  }
}

TEST(QueryEngine, GroupByUnitesSketchesOfOneSegmentToo) {
  storage::Catalog catalog;
  constexpr int kKeys = 25;  // more than the nominal entries, fewer than a sketch keeps that was not merged
  std::vector<std::int64_t> times;
  std::vector<std::optional<std::string>> keys;
  std::vector<std::optional<std::int64_t>> numbers;
  for (int i = 0; i < kKeys; ++i) {
    times.push_back(i);
    keys.emplace_back("key" + std::to_string(i));
    numbers.emplace_back(1);
  }
  auto segment = std::make_shared<MemorySegment>(times, Form::kMapped);
  segment->strings("key", keys).longs("n", numbers);
  serve(catalog, "t", segment);
  const std::string query = R"("dataSource":"t","intervals":"1970-01-01/P1D","granularity":"all",
      "aggregations":[{"type":"arrayOfDoublesSketch","name":"a","fieldName":"key","metricColumns":["n"],"nominalEntries":16}],
      "postAggregations":[{"type":"arrayOfDoublesSketchToNumEntries","name":"p","field":{"type":"fieldAccess","fieldName":"a"}}]})";
  EXPECT_NE(answer(catalog, R"({"queryType":"timeseries",)" + query).find(R"("p":25)"), std::string::npos);
  EXPECT_NE(answer(catalog, R"({"queryType":"groupBy",)" + query).find(R"("p":16)"), std::string::npos);
}

TEST(QueryEngine, TimeseriesOfAllIsStampedWithTheFirstRow) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string all =
      R"({"queryType":"timeseries","dataSource":"t","granularity":"all","aggregations":[{"type":"count","name":"rows"}],)";
  EXPECT_EQ(answer(catalog, all + R"("intervals":"1970-01-01/P1D"})"),
            R"([{"timestamp":"1970-01-01T00:00:00.010Z","result":{"rows":6}}])");
  EXPECT_EQ(answer(catalog, all + R"("intervals":"1970-01-01T00:00:00.015Z/PT1H"})"),
            R"([{"timestamp":"1970-01-01T00:00:00.015Z","result":{"rows":1}}])");
  EXPECT_EQ(answer(catalog, all + R"("intervals":"2000/2001"})"),
            R"([{"timestamp":"2000-01-01T00:00:00.000Z","result":{"rows":0}}])");
  EXPECT_EQ(answer(catalog, all + R"("intervals":"2000/2001","context":{"skipEmptyBuckets":true}})"), "[]");
}

TEST(QueryEngine, OfEqualTimesTheFirstOrTheLastRowThatIsReadWins) {
  storage::Catalog catalog;
  auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>{5, 5, 5, 7}, Form::kMapped);
  segment->longs("n", {1, 2, 3, 4}).longs("when", {9, 9, 9, 8}).strings("s", {"a", "b", "c", "d"});
  serve(catalog, "t", segment);
  const std::string query =
      R"({"queryType":"timeseries","dataSource":"t","intervals":"1970-01-01/P1D","granularity":"all","aggregations":[
          {"type":"longFirst","name":"f","fieldName":"n"},{"type":"longLast","name":"l","fieldName":"n","timeColumn":"when"},
          {"type":"stringFirst","name":"sf","fieldName":"s"},{"type":"longAny","name":"a","fieldName":"n"}],"descending":)";
  EXPECT_EQ(answer(catalog, query + "false}"),
            R"([{"timestamp":"1970-01-01T00:00:00.005Z","result":{"a":1,"sf":"a","l":3,"f":1}}])");
  EXPECT_EQ(answer(catalog, query + "true}"),
            R"([{"timestamp":"1970-01-01T00:00:00.005Z","result":{"a":4,"sf":"c","l":1,"f":3}}])");
}

TEST(QueryEngine, ComputedTextIsReadAsJavasNumbersWhereNumbersAreWanted) {
  storage::Catalog catalog;
  serve_example(catalog);
  const auto query = [](const std::string& expression, const std::string& aggregation) {
    return R"({"queryType":"timeseries","dataSource":"t","intervals":"1970-01-01/P1D","granularity":"all",
        "virtualColumns":[{"type":"expression","name":"v","outputType":"STRING","expression":")" +
           expression + R"("}],"aggregations":[)" + aggregation + "]}";
  };
  const std::string lists = "array(page, '7')";
  const std::string text = "concat(page, '-', n)";
  for (const std::string type : {"quantilesDoublesSketch", "KllDoublesSketch", "KllFloatsSketch"}) {
    const std::string sketch = R"({"type":")" + type + R"(","name":"x","fieldName":"v"})";
    EXPECT_NE(answer(catalog, query(lists, sketch)).find(R"("x":6)"), std::string::npos) << type;
    EXPECT_NE(refusal(catalog, query(text, sketch)).find("which is no input for it"), std::string::npos) << type;
  }
  EXPECT_NE(answer(catalog, query(lists, R"({"type":"longFirst","name":"x","fieldName":"v"})")).find(R"("x":null)"),
            std::string::npos);
}

TEST(QueryEngine, TopNByTheLeastRanksNullsHighest) {
  storage::Catalog catalog;
  serve_example(catalog);
  const auto query = [](const std::string& type, const std::string& metric) {
    return R"({"queryType":"topN","dataSource":"t","intervals":"1970-01-01/P1D","granularity":"all","dimension":"page",
        "threshold":1,"metric":)" +
           metric + R"(,"aggregations":[{"type":"longSum","name":"n","fieldName":"n"}],"postAggregations":[{"type":")" +
           type + R"(","name":"p","fields":[{"type":"fieldAccess","fieldName":"n"}]}]})";
  };
  const auto asked = [&](const std::string& type, const std::string& metric) {
    return answer(catalog, query(type, metric)).find("\"page\":\"c\"") != std::string::npos;
  };
  EXPECT_TRUE(asked("longLeast", R"("p")"));
  EXPECT_TRUE(asked("doubleLeast", R"("p")"));
  EXPECT_FALSE(asked("longGreatest", R"("p")"));
  EXPECT_FALSE(asked("longLeast", R"({"type":"inverted","metric":"p"})"));
}

TEST(QueryEngine, AnInvertedTopNBeginsWithTimesWithoutAValue) {
  storage::Catalog catalog;
  auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1, 2, 3}, Form::kMapped);
  segment->strings("page", {"a", "b", "c"}).doubles("n", {5, std::nullopt, 6});
  serve(catalog, "t", segment, 0);
  EXPECT_EQ(
      answer(catalog, R"({"queryType":"topN","dataSource":"t","intervals":"1970-01-01/P1D","granularity":"all",
      "dimension":"page","threshold":9,"metric":{"type":"inverted","metric":"n"},
      "aggregations":[{"type":"doubleLast","name":"n","fieldName":"n"}]})"),
      R"([{"timestamp":"1970-01-01T00:00:00.001Z","result":[{"n":null,"page":"b"},{"n":5.0,"page":"a"},{"n":6.0,"page":"c"}]}])");
}

TEST(QueryEngine, TopNRanksByMetricThenValue) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string base =
      R"({"queryType":"topN","dataSource":"t","intervals":"1970-01-01/P1D","granularity":"all","dimension":"page",
                             "aggregations":[{"type":"count","name":"rows"}],)";
  EXPECT_EQ(
      answer(catalog, base + R"("metric":"rows","threshold":3})"),
      R"([{"timestamp":"1970-01-01T00:00:00.010Z","result":[{"rows":3,"page":"a"},{"rows":1,"page":null},{"rows":1,"page":"b"}]}])");
  EXPECT_EQ(answer(catalog, base + R"("metric":{"type":"dimension","previousStop":"a"},"threshold":2})"),
            R"([{"timestamp":"1970-01-01T00:00:00.010Z","result":[{"rows":1,"page":"b"},{"rows":1,"page":"c"}]}])");
  EXPECT_EQ(answer(catalog, base + R"("metric":{"type":"inverted","metric":"rows"},"threshold":1})"),
            R"([{"timestamp":"1970-01-01T00:00:00.010Z","result":[{"rows":1,"page":null}]}])");
}

TEST(QueryEngine, GroupByExpandsMultipleValuesAndSorts) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string base =
      R"({"queryType":"groupBy","dataSource":"t","intervals":"1970-01-01/P1D","granularity":"all","dimensions":["tags"],
                             "aggregations":[{"type":"count","name":"rows"}],"context":{"resultAsArray":true})";
  EXPECT_EQ(answer(catalog, base + "}"), R"([[null,1],["x",3],["y",2],["z",2]])");
  EXPECT_EQ(
      answer(
          catalog,
          base +
              R"(,"limitSpec":{"type":"default","limit":2,"offset":1,"columns":[{"dimension":"rows","direction":"desc"}]}})"),
      R"([["y",2],["z",2]])");
}

TEST(QueryEngine, AnswersBySegmentWhenAsked) {
  storage::Catalog catalog;
  serve_example(catalog);
  EXPECT_EQ(
      answer(catalog, R"({"queryType":"timeseries","dataSource":"t","intervals":"1970-01-01/P1D","granularity":"all",
                              "aggregations":[{"type":"count","name":"rows"}],"context":{"bySegment":true}})"),
      R"([{"timestamp":"1970-01-01T00:00:00.000Z","result":{"results":[{"timestamp":"1970-01-01T00:00:00.010Z","result":{"rows":6}}],)"
      R"("segment":"t_1970-01-01T00:00:00.000Z_1970-02-01T00:00:00.000Z_v1","interval":"1970-01-01T00:00:00.000Z/1970-01-02T00:00:00.000Z"}}])");
  const std::string start = R"([{"timestamp":0,"result":{"results":[{"timestamp":10,)";
  EXPECT_EQ(
      answer(catalog, R"({"queryType":"timeseries","dataSource":"t","intervals":"1970-01-01/P1D","granularity":"all",
                   "aggregations":[],"context":{"bySegment":true,"serializeDateTimeAsLong":true}})")
          .substr(0, start.size()),
      start);
}

TEST(QueryEngine, HavingAndPostAggregationsSeeMergedRows) {
  storage::Catalog catalog;
  serve_example(catalog);
  EXPECT_EQ(
      answer(
          catalog,
          R"({"queryType":"groupBy","dataSource":"t","intervals":"1970-01-01/P1D","granularity":"all","dimensions":["page"],
                              "aggregations":[{"type":"count","name":"rows"},{"type":"filtered","aggregator":{"type":"longSum","name":"n","fieldName":"n"},
                                               "filter":{"type":"bound","dimension":"n","lower":"3","ordering":"numeric"}}],
                              "postAggregations":[{"type":"arithmetic","name":"half","fn":"/","fields":[{"type":"fieldAccess","fieldName":"n"},
                                                  {"type":"constant","value":2}]}],
                              "having":{"type":"greaterThan","aggregation":"half","value":1.5},"context":{"resultAsArray":true}})"),
      R"([[null,1,4,2.0],["a",3,13,6.5]])");
}

TEST(QueryEngine, GroupByWithoutGroupsIsOneRowOrNone) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string base = R"({"queryType":"groupBy","dataSource":"t","intervals":"2000/2001","granularity":"all",
                             "aggregations":[{"type":"count","name":"rows"}])";
  EXPECT_EQ(answer(catalog, base + "}"),
            R"([{"version":"v1","timestamp":"2000-01-01T00:00:00.000Z","event":{"rows":0}}])");
  EXPECT_EQ(answer(catalog, base + R"(,"dimensions":["page"]})"), "[]");
}

TEST(QueryEngine, MistakesNameTheFieldAndTheFix) {
  const storage::Catalog catalog;
  const auto complaint = [&](const std::string& query) -> std::string {
    try {
      return answer(catalog, query);
    } catch (const Error& error) {
      return error.what();
    }
  };
  EXPECT_NE(complaint(R"({"queryType":"timeserie","dataSource":"t"})").find("did you mean \"timeseries\"?"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"queryType":"timeseries","intervals":"2000/2001","granularity":"all"})").find("dataSource"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"queryType":"timeseries","dataSource":"t","granularity":"all"})").find("intervals"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"queryType":"timeseries","dataSource":"t","intervals":"2000/2001"})").find("granularity"),
            std::string::npos);
  EXPECT_NE(complaint(R"({"queryType":"timeseries","dataSource":"t","intervals":"2000/2001","granularity":"all",
                          "aggregations":[{"type":"longsum","name":"n","fieldName":"n"}]})")
                .find("aggregations[0].type: unknown aggregator type \"longsum\" (did you mean \"longSum\"?)"),
            std::string::npos);
  EXPECT_EQ(
      complaint(
          R"({"queryType":"timeseries","dataSource":"t","intervals":"2000/2001","granularity":"all","context":{"timeout":[]}})"),
      "Expected key [timeout] to be a Long, but got [java.util.ArrayList]");
  for (const std::string key : {"finalize", "populateCache", "bySegment"})  // though it does not matter to a scan
    EXPECT_EQ(
        complaint(R"({"queryType":"scan","dataSource":"t","intervals":"2000/2001","context":{")" + key + R"(":7}})"),
        "Expected key [" + key + "] to be a Boolean, but got [java.lang.Integer]");
}

TEST(QueryEngine, StopsWhenCanceledOrLate) {
  storage::Catalog catalog;
  serve_example(catalog);
  WorkerPool pool(1);
  const QueryEngine engine(catalog, pool);
  const QueryPtr query = parse_query(Json::parse(R"({"queryType":"timeBoundary","dataSource":"t"})"));
  const auto category = [&](QueryControl& control) {
    try {
      engine.run(*query, control, JsonStyle::kCompact, [](std::string_view) {});
    } catch (const Error& error) {
      return error.category();
    }
    return ErrorCategory::kDefensive;
  };
  QueryControl canceled;
  canceled.cancel();
  EXPECT_EQ(category(canceled), ErrorCategory::kCanceled);
  QueryControl late;
  late.set_deadline(std::chrono::steady_clock::now() - std::chrono::seconds(1));
  EXPECT_EQ(category(late), ErrorCategory::kTimeout);
}

TEST(QueryEngine, RefusesGroupsBeyondItsMemory) {
  storage::Catalog catalog;
  serve_example(catalog);
  QueryLimits limits;
  limits.query_bytes_max = 1;
  try {
    answer(
        catalog,
        R"({"queryType":"groupBy","dataSource":"t","intervals":"1970/1971","granularity":"all","dimensions":["page"]})",
        1, limits);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kResourceLimit);
  }
}

/// Random rows in three forms: one mapped segment, one live one in arrival order, and two that share the rows.
struct Forms {
  storage::Catalog catalog;

  explicit Forms(std::uint32_t rows) {
    std::mt19937 random(7);
    const auto pick = [&](std::uint32_t below) { return static_cast<std::int64_t>(random() % below); };
    std::vector<std::size_t> all;
    for (std::uint32_t row = 0; row < rows; ++row) {
      times_.push_back(static_cast<std::int64_t>(row) * 7);
      city_.push_back(pick(10) == 0 ? std::nullopt : std::optional<std::string>("city" + std::to_string(pick(300))));
      const auto tag = [&] { return std::optional<std::string>("t" + std::to_string(pick(5))); };
      tags_.push_back(pick(4) == 0 ? Strings{} : pick(2) == 0 ? Strings{tag()} : Strings{tag(), tag()});
      n_.push_back(pick(20) == 0 ? std::nullopt : std::optional<std::int64_t>(pick(1000) - 500));
      d_.push_back(pick(20) == 0 ? std::nullopt : std::optional<double>(static_cast<double>(pick(1000)) / 8));
      all.push_back(row);
    }
    serve(catalog, "mapped", make(all, Form::kMapped));
    std::vector<std::size_t> halves[2];
    for (const std::size_t row : all) halves[row % 3 == 0].push_back(row);
    serve(catalog, "split", make(halves[0], Form::kMapped), 0);
    serve(catalog, "split", make(halves[1], Form::kLive), 1);
    std::shuffle(all.begin(), all.end(), random);
    serve(catalog, "live", make(all, Form::kLive));
  }

  std::shared_ptr<MemorySegment> make(const std::vector<std::size_t>& rows, Form form) const {
    const auto take = [&](const auto& values) {
      std::decay_t<decltype(values)> taken;
      for (const std::size_t row : rows) taken.push_back(values[row]);
      return taken;
    };
    auto segment = std::make_shared<MemorySegment>(take(times_), form);
    segment->strings("city", take(city_)).lists("tags", take(tags_)).longs("n", take(n_)).doubles("d", take(d_));
    return segment;
  }

  std::vector<std::int64_t> times_;
  Strings city_;
  std::vector<Strings> tags_;
  std::vector<std::optional<std::int64_t>> n_;
  std::vector<std::optional<double>> d_;
};

TEST(QueryEngine, AnswersAreTheSameForEveryFormOfTheRowsAndAnyNumberOfThreads) {
  const Forms forms(9001);
  const std::vector<std::string> shapes = {
      R"("queryType":"timeseries","granularity":"second")",
      R"("queryType":"timeseries","granularity":{"type":"duration","duration":100},"filter":{"type":"selector","dimension":"city","value":"city7"})",
      R"("queryType":"timeseries","granularity":"all","filter":{"type":"bound","dimension":"n","lower":"-100","upper":"200","ordering":"numeric"})",
      R"("queryType":"topN","granularity":"minute","dimension":"city","metric":"n","threshold":7)",
      R"("queryType":"topN","granularity":"all","dimension":"tags","metric":{"type":"inverted","metric":"rows"},"threshold":9)",
      R"("queryType":"groupBy","granularity":"minute","dimensions":["tags","city"],"filter":{"type":"not","field":{"type":"in","dimension":"tags","values":["t1",null]}})",
      R"("queryType":"groupBy","granularity":"all","dimensions":[{"type":"default","dimension":"n","outputName":"nn"},{"type":"default","dimension":"d","outputName":"x","outputType":"DOUBLE"},"tags","city"])",
      R"("queryType":"groupBy","granularity":"all","dimensions":[{"type":"default","dimension":"n","outputName":"k","outputType":"LONG"}],
         "limitSpec":{"type":"default","limit":40,"columns":[{"dimension":"d","direction":"descending"},"k"]})"};
  for (const std::string& shape : shapes) {
    const auto ask = [&](const std::string& source, std::size_t threads) {
      return answer(forms.catalog,
                    "{" + shape + R"(,"dataSource":")" + source +
                        R"(","intervals":["1970-01-01T00:00:01Z/1970-01-01T00:00:40Z","1970-01-01T00:00:50Z/P1D"],)" +
                        R"("aggregations":[{"type":"count","name":"rows"},{"type":"longSum","name":"n","fieldName":"n"},
                           {"type":"doubleSum","name":"d","fieldName":"d"},{"type":"longMin","name":"low","fieldName":"n"}]})",
                    threads);
    };
    const std::string expected = ask("mapped", 1);
    EXPECT_GT(expected.size(), 10U) << shape;
    EXPECT_EQ(ask("mapped", 4), expected) << shape;
    EXPECT_EQ(ask("live", 2), expected) << shape;
    EXPECT_EQ(ask("split", 3), expected) << shape;
  }
}

}  // namespace
}  // namespace sarsen::engine
