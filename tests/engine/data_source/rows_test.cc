// Rows in memory as data sources: inline rows, answers of other queries, lookups, filters over them.
#include <gtest/gtest.h>

#include "engine/lookup/lookup_registry.h"
#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

/// The rows and the signature of a compacted scan over all columns.
std::string scanned(const storage::Catalog& catalog, const std::string& source, const std::string& rest = "") {
  const Json answered = Json::parse(answer(catalog, R"({"queryType":"scan","intervals":"0000/3000","dataSource":)" +
                                                        source + R"(,"resultFormat":"compactedList")" + rest + "}"));
  if (answered.array().empty()) return "";
  std::string types;
  for (const Json& column : answered.array()[0].find("rowSignature")->array()) {
    const Json* type = column.find("type");
    types += " " + column.find("name")->string() + ":" + (type == nullptr ? "?" : type->string());
  }
  return answered.array()[0].find("events")->dump() + types;
}

std::string inline_rows(const std::string& names, const std::string& types, const std::string& rows) {
  return R"({"type":"inline","columnNames":)" + names + R"(,"columnTypes":)" + types + R"(,"rows":)" + rows + "}";
}

TEST(InlineRows, KeepTypesAsDeclared) {
  const storage::Catalog catalog;
  EXPECT_EQ(scanned(catalog,
                    inline_rows(R"(["s","l","d","f"])", R"(["STRING","LONG","DOUBLE","FLOAT"])",
                                R"([["a",1,1.5,0.5],[null,null,null,null],[["x","y"],-9223372036854775808,2,0.1]])")),
            R"([["a",1,1.5,0.5],[null,null,null,null],[["x","y"],-9223372036854775808,2.0,0.1]])"
            " s:STRING l:LONG d:DOUBLE f:FLOAT");
  EXPECT_EQ(scanned(catalog, R"({"type":"inline","columnNames":["a","b"],"rows":[[1,"x"],[2,null]]})"),
            R"([[1,"x"],[2,null]] a:? b:?)");
  EXPECT_EQ(scanned(catalog, R"({"type":"inline","columnNames":["a","a"],"rows":[[1,2]]})"), "[[2]] a:?");
  EXPECT_EQ(scanned(catalog, R"({"type":"inline","columnNames":["a"],"rows":[]})"), "");
}

TEST(InlineRows, HaveTheirTimeOr1970) {
  const storage::Catalog catalog;
  const std::string timed = inline_rows(R"(["n","__time"])", R"(["LONG","LONG"])", "[[1,3000000000],[2,2500000000]]");
  EXPECT_EQ(scanned(catalog, timed), "[[1,3000000000],[2,2500000000]] n:LONG __time:LONG");
  EXPECT_EQ(answer(catalog, R"({"queryType":"timeBoundary","dataSource":)" + timed + "}"),
            R"([{"timestamp":"1970-01-29T22:26:40.000Z","result":{"maxTime":"1970-02-04T17:20:00.000Z",)"
            R"("minTime":"1970-01-29T22:26:40.000Z"}}])");
  const std::string count =
      R"({"queryType":"timeseries","granularity":"all","aggregations":[{"type":"count","name":"n"}],)";
  const std::string untimed = R"("dataSource":{"type":"inline","columnNames":["a"],"rows":[[1],[2]]}})";
  EXPECT_EQ(answer(catalog, count + R"("intervals":"1970/1971",)" + untimed),
            R"([{"timestamp":"1970-01-01T00:00:00.000Z","result":{"n":2}}])");
  EXPECT_EQ(answer(catalog, count + R"("intervals":"1971/1972",)" + untimed),
            R"([{"timestamp":"1971-01-01T00:00:00.000Z","result":{"n":0}}])");
}

/// Empty text is the value that does not fit into a collector's registers; the form in which it is sent loses it.
TEST(InlineRows, AreNotSentWhenTheyAreCounted) {
  storage::Catalog catalog;
  auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1, 2, 3, 4}, Form::kMapped);
  segment->strings("k", {"low", "mid", std::nullopt, ""});
  serve(catalog, "t", segment);
  const auto counted = [&](const std::string& source) {
    const std::string cardinality = R"({"type":"cardinality","name":"e","fields":["k"]})";
    return answer(catalog, R"({"queryType":"timeseries","intervals":"1970/1971","granularity":"all","dataSource":)" +
                               source + R"(,"aggregations":[)" + cardinality +
                               R"(,{"type":"filtered","filter":{"type":"true"},"aggregator":)" +
                               R"({"type":"cardinality","name":"f","fields":["k"]}}]})");
  };
  const std::string by_key =
      R"({"type":"query","query":{"queryType":"groupBy","dataSource":"t","intervals":"1970/1971",)"
      R"("granularity":"all","dimensions":["k"]}})";
  const std::string kept =
      R"([{"timestamp":"1970-01-01T00:00:00.000Z","result":{"e":3.0021994137521975,"f":3.0021994137521975}}])";
  EXPECT_EQ(counted(inline_rows(R"(["k"])", R"(["STRING"])", R"([["low"],["mid"],[null],[""]])")), kept);
  EXPECT_EQ(counted(by_key), kept);
  EXPECT_EQ(counted("\"t\""), R"([{"timestamp":"1970-01-01T00:00:00.001Z","result":{"e":2.000977198748901,)"
                              R"("f":2.000977198748901}}])");
}

TEST(InlineRows, AreCheckedWhileParsed) {
  const storage::Catalog catalog;
  const std::string scan = R"({"queryType":"scan","intervals":"0000/3000","dataSource":)";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"({"type":"inline"})", "dataSource.columnNames: is required: the names of the columns"},
      {R"({"type":"inline","columnNames":["a"]})",
       "dataSource.rows: is required: a list of rows, each a list of values"},
      {R"({"type":"inline","columnNames":["a","b"],"rows":[[1]]})",
       "dataSource.rows[0]: has fewer values than columnNames"},
      {R"({"type":"inline","columnNames":["a"],"columnTypes":[],"rows":[]})",
       "dataSource.columnTypes: must have as many elements as columnNames"},
      {R"({"type":"inline","columnNames":["__time"],"rows":[["2000"]]})",
       "The values of __time must be milliseconds since 1970"},
      {R"({"type":"inline","columnNames":["__time"],"rows":[[5000000000],[5]]})",
       "Rows written in a query cannot have a __time that fits into 32 bits: 5"},
  };
  for (const auto& [source, message] : cases) EXPECT_EQ(refusal(catalog, scan + source + "}"), message) << source;
}

const std::string kByPage =
    R"({"type":"query","query":{"queryType":"groupBy","dataSource":"t","intervals":"1970/1971","granularity":"all","dimensions":["page"],
    "aggregations":[{"type":"count","name":"rows"},{"type":"doubleSum","name":"d","fieldName":"d"}]}})";

TEST(SubQueries, GiveSketchesThatAreNoNumbers) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string query =
      R"({"queryType":"groupBy","intervals":"1970/1971","granularity":"all","dimensions":[],
          "aggregations":[{"type":"doubleSum","name":"s","fieldName":"u"},{"type":"thetaSketch","name":"u","fieldName":"u"}],
          "dataSource":{"type":"query","query":{"queryType":"groupBy","dataSource":"t","intervals":"1970/1971","granularity":"all",
          "dimensions":[],"aggregations":[{"type":"thetaSketch","name":"u","fieldName":"page"}]}}})";
  EXPECT_EQ(answer(catalog, query),
            R"([{"version":"v1","timestamp":"1970-01-01T00:00:00.000Z","event":{"s":null,"u":3.0}}])");
}

TEST(SubQueries, GiveRows) {
  storage::Catalog catalog;
  serve_example(catalog);
  EXPECT_EQ(scanned(catalog, kByPage),
            R"([[null,1,1.0E7],["a",3,0.75],["b",1,0.5],["c",1,2.0]] page:STRING rows:LONG d:DOUBLE)");
  EXPECT_EQ(
      scanned(catalog, R"({"type":"query","query":{"queryType":"timeseries","dataSource":"t","intervals":"1970/1971",
                             "granularity":"hour","aggregations":[{"type":"count","name":"rows"}]}})"),
      "[[0,2],[3600000,0],[7200000,3],[10800000,1]] __time:LONG rows:LONG");
  EXPECT_EQ(
      scanned(
          catalog,
          R"({"type":"query","query":{"queryType":"topN","dataSource":"t","intervals":"1970/1971","granularity":"all",
                             "dimension":"page","metric":"rows","threshold":2,"aggregations":[{"type":"count","name":"rows"}]}})"),
      R"([[10,"a",3],[10,null,1]] __time:LONG page:STRING rows:LONG)");
  EXPECT_EQ(scanned(catalog, R"({"type":"query","query":{"queryType":"scan","dataSource":"t","intervals":"1970/1971",
                             "columns":["__time","tags","n"],"limit":3}})"),
            R"([[10,["x","y"],1],[20,"x",2],[7200000,null,3]] __time:LONG tags:? n:?)");
  EXPECT_EQ(scanned(catalog, R"({"type":"query","query":{"queryType":"scan","dataSource":"t","intervals":"1970/1971",
                             "columns":["tags","n","d"],"columnTypes":["STRING",null,"DOUBLE"],"limit":3}})"),
            R"([[["x","y"],1,0.5],["x",2,0.5],[null,3,null]] tags:STRING n:? d:DOUBLE)");
  EXPECT_EQ(refusal(catalog, R"({"queryType":"scan","intervals":"1970/1971","dataSource":{"type":"query","query":
                              {"queryType":"timeBoundary","dataSource":"t"}}})"),
            "Query type 'timeBoundary' does not support returning results as arrays");
}

TEST(SubQueries, ShareOneLimitOfRows) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string count =
      R"({"queryType":"timeseries","intervals":"1970/1971","granularity":"all","aggregations":[{"type":"count","name":"n"}],"dataSource":)" +
      kByPage;
  EXPECT_EQ(refusal(catalog, count + R"(,"context":{"maxSubqueryRows":4}})"), "");
  EXPECT_NE(refusal(catalog, count + R"(,"context":{"maxSubqueryRows":3}})").find("beyond maximum[3] rows"),
            std::string::npos);
}

TEST(SubQueries, ShareOneLimitOfBytesWhereAskedFor) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string count =
      R"({"queryType":"timeseries","intervals":"1970/1971","granularity":"all","aggregations":[{"type":"count","name":"n"}],"dataSource":)" +
      kByPage;
  const auto limited = [&](const std::string& context) {
    return refusal(catalog, count + R"(,"context":{)" + context + "}}");
  };
  EXPECT_EQ(limited(R"("maxSubqueryRows":3,"maxSubqueryBytes":"100000")"), "");  // bytes instead of rows
  EXPECT_EQ(limited(R"("maxSubqueryRows":3,"maxSubqueryBytes":"Auto")"), "");
  EXPECT_EQ(limited(R"("maxSubqueryRows":-1)"), "");
  EXPECT_NE(limited(R"("maxSubqueryRows":3,"maxSubqueryBytes":"disabled")").find("for enabling byte based limit"),
            std::string::npos);
  EXPECT_NE(
      limited(R"("maxSubqueryBytes":10)")
          .find("Cannot issue the query, subqueries generated results beyond maximum[10] bytes. Increase the JVM's "
                "memory or set the 'maxSubqueryBytes' in the query context"),
      std::string::npos);
  EXPECT_EQ(limited(R"("maxSubqueryBytes":"much")"),
            "Unable to parse the provided maxSubqueryLimit [much] to a valid number. Valid values for the "
            "maxSubqueryLimits can be 'auto', 'disabled' or a positive integer representing bytes to reserve.");
  EXPECT_EQ(limited(R"("maxSubqueryBytes":-1)"), "Limit too large");
}

TEST(SubQueries, OfGroupBysKeepTheirTimeAndTheirStates) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string inner =
      R"({"type":"query","query":{"queryType":"groupBy","dataSource":"t","intervals":"1970/1971","granularity":"hour","dimensions":["page"],
      "aggregations":[{"type":"hyperUnique","name":"u","fieldName":"page"},{"type":"cardinality","name":"c","fields":["page"]}]}})";
  const std::string plain =
      inner.substr(0, inner.find(R"("aggregations")")) + R"("aggregations":[{"type":"count","name":"rows"}]}})";
  EXPECT_EQ(answer(catalog, R"({"queryType":"groupBy","intervals":"1970/1971","granularity":"hour","dimensions":[],
                            "aggregations":[{"type":"count","name":"pages"},{"type":"longSum","name":"rows","fieldName":"rows"}],"dataSource":)" +
                                plain + "}"),
            R"([{"version":"v1","timestamp":"1970-01-01T00:00:00.000Z","event":{"pages":2,"rows":2}},)"
            R"({"version":"v1","timestamp":"1970-01-01T02:00:00.000Z","event":{"pages":3,"rows":3}},)"
            R"({"version":"v1","timestamp":"1970-01-01T03:00:00.000Z","event":{"pages":1,"rows":1}}])");
}

/// The upper two of three are worked out in one, so that the rows keep their time.
TEST(SubQueries, OfGroupBysOverAScanKeepTheirTime) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string scan =
      R"({"type":"query","query":{"queryType":"scan","dataSource":"t","intervals":"1970/1971","columns":["__time","page"]}})";
  const std::string inner =
      R"({"type":"query","query":{"queryType":"groupBy","intervals":"1970/1971","granularity":"all",
      "dimensions":["page"],"dataSource":)" +
      scan + "}}";
  EXPECT_EQ(answer(catalog, R"({"queryType":"groupBy","intervals":"1970/1971","granularity":"all","dimensions":[],
                            "aggregations":[{"type":"count","name":"pages"}],"dataSource":)" +
                                inner + "}"),
            R"([{"version":"v1","timestamp":"1970-01-01T00:00:00.000Z","event":{"pages":4}}])");
}

/// Where Druid knows that a column is text, text that is no number is 0; where it does not, it is null.
TEST(SubQueries, GiveTextToSums) {
  storage::Catalog catalog;
  const auto sum = [&](const std::string& types, const std::string& value) {
    const std::string rows = answer(catalog, R"({"queryType":"timeseries","intervals":"1970/1971","granularity":"all",
        "aggregations":[{"type":"doubleSum","name":"s","fieldName":"c"}],"dataSource":{"type":"inline","columnNames":["c"],)" +
                                                 types + R"("rows":[[)" + value + "]]}}");
    return Json::parse(rows).array()[0].find("result")->find("s")->dump();
  };
  const std::string text = R"("columnTypes":["STRING"],)";
  EXPECT_EQ(sum(text, R"("2.5")"), "2.5");
  EXPECT_EQ(sum(text, R"("x")"), "0.0");
  EXPECT_EQ(sum(text, "null"), "null");
  EXPECT_EQ(sum("", R"("2.5")"), "2.5");
  EXPECT_EQ(sum("", R"("x")"), "null");
  EXPECT_EQ(sum("", R"({"k":1})"), "null");
}

TEST(OtherSources, FilterAndLookUp) {
  storage::Catalog catalog;
  serve_example(catalog);
  EXPECT_EQ(
      scanned(catalog, R"({"type":"filter","base":"t","filter":{"type":"selector","dimension":"page","value":"a"}})",
              R"(,"columns":["n"])"),
      "[[2],[3],[10]] n:LONG");
  lookup_registry().put(
      "pages", parse_registered_lookup(JsonField(
                   Json::parse(R"({"version":"v0","lookupExtractorFactory":{"type":"map","map":{"a":"A","b":""}}})"))));
  EXPECT_EQ(scanned(catalog, R"({"type":"lookup","lookup":"pages"})"), R"([["a","A"],["b",""]] k:STRING v:STRING)");
  EXPECT_TRUE(lookup_registry().remove("pages"));
  EXPECT_EQ(scanned(catalog, R"({"type":"lookup","lookup":"pages"})"), "");
}

TEST(OtherSources, AreRefusedByName) {
  const storage::Catalog catalog;
  const std::string count = R"({"queryType":"timeseries","intervals":"1970/1971","granularity":"all","dataSource":)";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"5", "dataSource: must be the name of a table, or an object with a \"type\", but is an integer"},
      {"null", "dataSource: is required: the name of a table, or an object with a \"type\""},
      {R"({"type":"tabel"})", "dataSource.type: unknown data source type \"tabel\" (did you mean \"table\"?)"},
      {R"({"type":"union","dataSources":[]})", "dataSource.dataSources: needs at least one table"},
  };
  for (const auto& [source, message] : cases) EXPECT_EQ(refusal(catalog, count + source + "}"), message) << source;
  EXPECT_EQ(refusal(catalog, count + R"({"type":"Table","name":"t"}})"),
            "");  // every other type with a name is a table
}

TEST(Segments, CanBeAskedOneByOne) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string count =
      R"({"queryType":"timeseries","dataSource":"t","granularity":"all","aggregations":[{"type":"count","name":"n"}],"intervals":{"type":"segments","segments":)";
  const auto asked = [&](const std::string& version) {
    return answer(catalog, count + R"([{"itvl":"1970-01-01T02/PT1H","ver":")" + version + R"(","part":0}]}})");
  };
  EXPECT_EQ(asked("v1"), R"([{"timestamp":"1970-01-01T02:00:00.000Z","result":{"n":3}}])");
  EXPECT_EQ(asked("v0"), R"([{"timestamp":"1970-01-01T02:00:00.000Z","result":{"n":0}}])");
}

}  // namespace
}  // namespace sarsen::engine
