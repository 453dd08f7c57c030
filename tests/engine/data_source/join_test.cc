// join and unnest over tables in memory: which rows meet, in which order, and what is refused.
#include <gtest/gtest.h>

#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

/// The events of a compacted scan of these columns; "" where there is none.
std::string scanned(const storage::Catalog& catalog, const std::string& source, const std::string& columns) {
  const Json answered =
      Json::parse(answer(catalog, R"({"queryType":"scan","intervals":"1970/1971","dataSource":)" + source +
                                      R"(,"resultFormat":"compactedList","columns":)" + columns + "}"));
  return answered.array().empty() ? "" : answered.array()[0].find("events")->dump();
}

const std::string kRight =
    R"({"type":"inline","columnNames":["k","label","w"],"columnTypes":["STRING","STRING","LONG"],)"
    R"("rows":[["a","A1",1],["a","A2",2],["z","Z",3],[null,"NULL",4]]})";

std::string join(const std::string& condition, const std::string& type, const std::string& more = "") {
  return R"({"type":"join","left":"t","right":)" + kRight + R"(,"rightPrefix":"j.","condition":)" +
         Json(condition).dump() + R"(,"joinType":")" + type + "\"" + more + "}";
}

TEST(Join, MatchesKeys) {
  storage::Catalog catalog;
  serve_example(catalog);  // pages b a a null c a; n 1 2 3 4 null 10
  struct Case {
    std::string condition;
    std::string type;
    std::string rows;  // n, j.label
  };
  const std::vector<Case> cases = {
      {R"(page == "j.k")", "INNER", R"([[2,"A1"],[2,"A2"],[3,"A1"],[3,"A2"],[10,"A1"],[10,"A2"]])"},
      {R"("j.k" == page)", "inner", R"([[2,"A1"],[2,"A2"],[3,"A1"],[3,"A2"],[10,"A1"],[10,"A2"]])"},
      {R"(page == "j.k")", "LEFT",
       R"([[1,null],[2,"A1"],[2,"A2"],[3,"A1"],[3,"A2"],[4,null],[null,null],[10,"A1"],[10,"A2"]])"},
      {R"(page == "j.k")", "RIGHT",
       R"([[2,"A1"],[2,"A2"],[3,"A1"],[3,"A2"],[10,"A1"],[10,"A2"],[null,"Z"],[null,"NULL"]])"},
      {R"(page == "j.k")", "FULL",
       R"([[1,null],[2,"A1"],[2,"A2"],[3,"A1"],[3,"A2"],[4,null],[null,null],[10,"A1"],[10,"A2"],[null,"Z"],[null,"NULL"]])"},
      {R"(notdistinctfrom(page, "j.k"))", "INNER",
       R"([[2,"A1"],[2,"A2"],[3,"A1"],[3,"A2"],[4,"NULL"],[10,"A1"],[10,"A2"]])"},
      {R"(n == "j.w")", "INNER", R"([[1,"A1"],[2,"A2"],[3,"Z"],[4,"NULL"]])"},
      {R"(n - 1 == "j.w")", "INNER", R"([[2,"A1"],[3,"A2"],[4,"Z"]])"},
      {R"(page == "j.k" && n == "j.w")", "INNER", R"([[2,"A2"]])"},
      {R"(page == "j.k" && "j.w" == 1)", "INNER", R"([[2,"A1"],[3,"A1"],[10,"A1"]])"},
      {"1 == 2", "INNER", ""},
      {"0", "LEFT", R"([[1,null],[2,null],[3,null],[4,null],[null,null],[10,null]])"},
  };
  for (const Case& one : cases)
    EXPECT_EQ(scanned(catalog, join(one.condition, one.type), R"(["n","j.label"])"), one.rows)
        << one.condition << " " << one.type;
  EXPECT_EQ(answer(catalog, R"({"queryType":"timeseries","intervals":"1970/1971","granularity":"all",)"
                            R"("aggregations":[{"type":"count","name":"n"}],"dataSource":)" +
                                join("1", "INNER") + "}"),
            R"([{"timestamp":"1970-01-01T00:00:00.010Z","result":{"n":24}}])");
}

TEST(Join, SharesOneSegmentWithEveryQuery) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string joined = join(R"(page == "j.k")", "LEFT");
  EXPECT_EQ(
      answer(catalog, R"({"queryType":"groupBy","intervals":"1970/1971","granularity":"all","dimensions":["j.label"],)"
                      R"("aggregations":[{"type":"longSum","name":"n","fieldName":"n"}],)"
                      R"("filter":{"type":"selector","dimension":"j.label","value":null},"dataSource":)" +
                          joined + "}"),
      R"([{"version":"v1","timestamp":"1970-01-01T00:00:00.000Z","event":{"j.label":null,"n":5}}])");
  EXPECT_EQ(
      scanned(catalog,
              join(R"(page == "j.k")", "INNER", R"(,"leftFilter":{"type":"selector","dimension":"n","value":"2"})"),
              R"(["__time","j.w"])"),
      "[[20,1],[20,2]]");
  const std::string chained = R"({"type":"join","left":)" + joined + R"(,"right":)" + kRight +
                              R"x(,"rightPrefix":"k.","condition":"\"j.w\" == \"k.w\"","joinType":"INNER"})x";
  EXPECT_EQ(scanned(catalog, chained, R"(["n","k.label"])"),
            R"([[2,"A1"],[2,"A2"],[3,"A1"],[3,"A2"],[10,"A1"],[10,"A2"]])");
}

TEST(Join, RefusesWhatDruidRefuses) {
  storage::Catalog catalog;
  serve_example(catalog);
  const std::string scan = R"({"queryType":"scan","intervals":"1970/1971","dataSource":)";
  const std::string rows = R"x("right":)x" + kRight;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {join(R"(page == "j.k")", "CROSS"), "dataSource.joinType: unknown join type \"CROSS\""},
      {join(R"(page == "j.nope")", "LEFT"), "The right side of the join has no column \"nope\""},
      {join(R"(page > "j.k")", "LEFT"),
       "dataSource.condition: Cannot build hash-join matcher on non-equi-join condition"},
      {join(R"(upper("j.k") == page)", "LEFT"), "dataSource.condition: Cannot build hash-join matcher"},
      {join(R"(tags == "j.k")", "LEFT"), "otherwise: Joining against a multi-value dimension is not supp"},
      {R"({"type":"join","left":"t",)" + rows + R"(,"rightPrefix":"","condition":"1","joinType":"LEFT"})",
       "dataSource.rightPrefix: rightPrefix cannot be empty"},
      {R"({"type":"join","left":"t",)" + rows + R"(,"rightPrefix":"__","condition":"1","joinType":"LEFT"})",
       "dataSource.rightPrefix: rightPrefix[__] would hide"},
      {R"({"type":"join","left":"t","right":"t","rightPrefix":"j.","condition":"1","joinType":"LEFT"})",
       "dataSource.right: the right side of a join must be rows in memory"},
      {R"({"type":"join","left":)" + join("1", "LEFT") + "," + rows +
           R"(,"rightPrefix":"j.","condition":"1","joinType":"LEFT"})",
       "dataSource.rightPrefix: Detected duplicate prefix in join clauses: [j.]"},
  };
  for (const auto& [source, message] : cases)
    EXPECT_EQ(refusal(catalog, scan + source + "}").substr(0, message.size()), message) << source;
}

TEST(Join, EndsWhereItMakesTooManyRows) {
  storage::Catalog catalog;
  serve_example(catalog);
  QueryLimits limits;
  limits.query_bytes_max = 100;
  try {
    answer(catalog, R"({"queryType":"timeBoundary","dataSource":)" + join("1", "INNER") + "}", 1, limits);
    ADD_FAILURE() << "no limit";
  } catch (const Error& error) {
    EXPECT_EQ(error.category(), ErrorCategory::kResourceLimit);
  }
}

std::string unnest(const std::string& expression, const std::string& more = "") {
  return R"({"type":"unnest","base":"t","virtualColumn":{"type":"expression","name":"u","expression":)" +
         Json(expression).dump() + "}" + more + "}";
}

TEST(Unnest, GivesOneRowForEachValue) {
  storage::Catalog catalog;
  serve_example(catalog);  // tags xy x - y x zz
  EXPECT_EQ(scanned(catalog, unnest("tags"), R"(["n","u"])"),
            R"([[1,"x"],[1,"y"],[2,"x"],[3,null],[4,"y"],[null,"x"],[10,"z"],[10,"z"]])");
  EXPECT_EQ(scanned(catalog, unnest("page"), R"(["n","u"])"),
            R"([[1,"b"],[2,"a"],[3,"a"],[4,null],[null,"c"],[10,"a"]])");
  EXPECT_EQ(scanned(catalog, unnest("array(n, 7)"), R"(["u"])"),
            "[[1],[7],[2],[7],[3],[7],[4],[7],[null],[7],[10],[7]]");
  EXPECT_EQ(scanned(catalog, unnest("nope"), R"(["u"])"), "");
  EXPECT_EQ(scanned(catalog, unnest("upper(page)"), R"(["n","u"])"),
            R"([[1,"B"],[2,"A"],[3,"A"],[null,"C"],[10,"A"]])");
  EXPECT_EQ(scanned(catalog, unnest("map((x) -> upper(x), tags)"), R"(["n","u"])"),
            R"([[1,"X"],[1,"Y"],[2,"X"],[4,"Y"],[null,"X"],[10,"Z"],[10,"Z"]])");
  EXPECT_EQ(scanned(catalog, unnest("tags", R"(,"unnestFilter":{"type":"selector","dimension":"u","value":"y"})"),
                    R"(["tags","u"])"),
            R"([[["x","y"],"y"],["y","y"]])");
  EXPECT_EQ(answer(catalog,
                   R"({"queryType":"topN","intervals":"1970/1971","granularity":"all","dimension":"u","metric":"rows",)"
                   R"("threshold":2,"aggregations":[{"type":"count","name":"rows"}],"dataSource":)" +
                       unnest("tags") + "}"),
            R"([{"timestamp":"1970-01-01T00:00:00.010Z","result":[{"rows":3,"u":"x"},{"rows":2,"u":"y"}]}])");
}

TEST(Unnest, RefusesItself) {
  const storage::Catalog catalog;
  EXPECT_EQ(refusal(catalog, R"({"queryType":"scan","intervals":"1970/1971","dataSource":{"type":"unnest","base":"t",)"
                             R"("virtualColumn":{"type":"expression","name":"tags","expression":"tags"}}})"),
            "dataSource.virtualColumn.name: Self-referential column[tags]");
  EXPECT_EQ(
      refusal(catalog, R"({"queryType":"scan","intervals":"1970/1971","dataSource":{"type":"unnest","base":"t"}})"),
      "dataSource.virtualColumn: is required: the virtual column to unnest");
}

}  // namespace
}  // namespace sarsen::engine
