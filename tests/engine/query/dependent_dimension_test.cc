// Dimensions that are functions of others: groups, values and orders are those of dimensions that stand by themselves.

#include <gtest/gtest.h>

#include <string>

#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

std::string expression(const std::string& name, const std::string& text, const std::string& type) {
  return R"({"type":"expression","name":")" + name + R"(","expression":")" + text + R"(","outputType":")" + type +
         R"("})";
}

const std::string kColumns =
    R"("virtualColumns":[)" + expression("less", "n - 1", "LONG") + "," + expression("half", "n / 2", "LONG") + "," +
    expression("ratio", "n * 0.5", "DOUBLE") + "," + expression("named", "concat('n', n)", "STRING") + "," +
    expression("big", "if(n > 2, 'big', 'small')", "STRING") + "," + expression("upper", "upper(page)", "STRING") +
    "," + expression("is_a", "page == 'a'", "LONG") + "," + expression("one", "1", "LONG") + "," +
    expression("deep", "less * 10", "LONG") + "," + expression("tagged", "concat(tags, '!')", "STRING") + "],";

std::string rows(const storage::Catalog& catalog, const std::string& dimensions, const std::string& more = "",
                 const std::string& granularity = "all") {
  return answer(catalog, R"({"queryType":"groupBy","dataSource":"t","intervals":"1970/1971","granularity":")" +
                             granularity +
                             R"(","context":{"resultAsArray":true},"aggregations":[{"type":"count","name":"rows"}],)" +
                             kColumns + more + R"("dimensions":[)" + dimensions + "]}");
}

std::string of_type(const std::string& name, const std::string& type) {
  return R"({"dimension":")" + name + R"(","outputName":")" + name + R"(","outputType":")" + type + R"("})";
}

const std::string kN = of_type("n", "LONG");

TEST(DependentDimension, HasTheValuesOfItsFunction) {
  storage::Catalog catalog;
  serve_example(catalog);
  EXPECT_EQ(rows(catalog, kN + "," + of_type("less", "LONG") + "," + of_type("ratio", "DOUBLE")),
            "[[null,null,null,1],[1,0,0.5,1],[2,1,1.0,1],[3,2,1.5,1],[4,3,2.0,1],[10,9,5.0,1]]");
  EXPECT_EQ(rows(catalog, R"("n","named","big")"),
            R"([[null,null,"small",1],["1","n1","small",1],["10","n10","big",1],["2","n2","small",1],)"
            R"(["3","n3","big",1],["4","n4","big",1]])");
  EXPECT_EQ(rows(catalog, R"("page","upper",)" + of_type("is_a", "LONG")),
            R"([[null,null,null,1],["a","A",1,3],["b","B",0,1],["c","C",0,1]])");
  EXPECT_EQ(rows(catalog, kN + "," + of_type("less", "STRING") + "," + of_type("deep", "LONG")),
            R"([[null,null,null,1],[1,"0",0,1],[2,"1",10,1],[3,"2",20,1],[4,"3",30,1],[10,"9",90,1]])");
}

TEST(DependentDimension, MayComeFirstAndBeTheSameForSeveral) {
  storage::Catalog catalog;
  serve_example(catalog);
  EXPECT_EQ(rows(catalog, of_type("half", "LONG") + "," + kN),
            "[[null,null,1],[0,1,1],[1,2,1],[1,3,1],[2,4,1],[5,10,1]]");
  EXPECT_EQ(rows(catalog, R"("big",)" + kN),
            R"([["big",3,1],["big",4,1],["big",10,1],["small",null,1],["small",1,1],["small",2,1]])");
  EXPECT_EQ(
      rows(catalog, kN + R"(,"big")",
           R"("limitSpec":{"type":"default","limit":3,"columns":[{"dimension":"big","direction":"descending"}]},)"),
      R"([[null,"small",1],[1,"small",1],[2,"small",1]])");
  EXPECT_EQ(rows(catalog, kN + R"(,"big")", R"("having":{"type":"dimSelector","dimension":"big","value":"big"},)"),
            R"([[3,"big",1],[4,"big",1],[10,"big",1]])");
  EXPECT_EQ(rows(catalog, kN + R"(,"big")", R"("subtotalsSpec":[["big"],[]],)"),
            R"([[null,"big",3],[null,"small",3],[null,null,6]])");
}

TEST(DependentDimension, AConstantMakesNoFurtherGroups) {
  storage::Catalog catalog;
  serve_example(catalog);
  EXPECT_EQ(rows(catalog, of_type("one", "LONG") + R"(,"page")"), R"([[1,null,1],[1,"a",3],[1,"b",1],[1,"c",1]])");
  EXPECT_EQ(rows(catalog, of_type("one", "STRING")), R"([["1",6]])");
  EXPECT_EQ(rows(catalog, of_type("one", "LONG") + R"(,"page")", "", "hour"),
            R"([[0,1,"a",1],[0,1,"b",1],[7200000,1,null,1],[7200000,1,"a",1],[7200000,1,"c",1],[10800000,1,"a",1]])");
}

TEST(DependentDimension, ColumnsOfSeveralValuesDoNotTellOthers) {
  storage::Catalog catalog;
  serve_example(catalog);
  EXPECT_EQ(rows(catalog, R"("tags","tagged")", R"("filter":{"type":"selector","dimension":"page","value":"b"},)"),
            R"([["x","x!",1],["x","y!",1],["y","x!",1],["y","y!",1]])");
}

TEST(DependentDimension, SegmentsMayHaveOtherTypes) {
  storage::Catalog catalog;
  serve_example(catalog);
  auto texts = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1, 2, 3}, Form::kMapped);
  texts->strings("n", {"3", "x", std::nullopt});
  serve(catalog, "t", texts, 1);
  auto without = std::make_shared<MemorySegment>(std::vector<std::int64_t>{1}, Form::kLive);
  without->longs("m", {3});
  serve(catalog, "t", without, 2);
  EXPECT_EQ(rows(catalog, R"("n","named")"),
            R"([[null,null,3],["1","n1",1],["10","n10",1],["2","n2",1],["3","n3",2],["4","n4",1],["x","nx",1]])");
  EXPECT_EQ(rows(catalog, R"("named","n")"),
            R"([[null,null,3],["n1","1",1],["n10","10",1],["n2","2",1],["n3","3",2],["n4","4",1],["nx","x",1]])");
}

TEST(DependentDimension, MeetsOverManySegments) {
  storage::Catalog catalog;
  serve_example(catalog);
  for (std::uint32_t partition = 1; partition < 4; ++partition) {
    auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>{5, 6}, Form::kMapped);
    segment->longs("n", {3, std::nullopt}).strings("page", {"a", "d"});
    serve(catalog, "t", segment, partition);
  }
  EXPECT_EQ(rows(catalog, of_type("half", "LONG") + "," + kN + "," + of_type("less", "LONG")),
            "[[null,null,null,4],[0,1,0,1],[1,2,1,1],[1,3,2,4],[2,4,3,1],[5,10,9,1]]");
  EXPECT_EQ(rows(catalog, R"("upper","page")"), R"([[null,null,1],["A","a",6],["B","b",1],["C","c",1],["D","d",3]])");
}

}  // namespace
}  // namespace sarsen::engine
