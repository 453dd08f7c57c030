// What a filter over a join or an unnesting leaves out beforehand changes no answer, and makes fewer rows.
#include <gtest/gtest.h>

#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

const std::string kRight =
    R"({"type":"inline","columnNames":["k","label","w"],"columnTypes":["STRING","STRING","LONG"],)"
    R"("rows":[["a","A1",1],["a","A2",2],["b","B",0],["z","Z",3],[null,"NULL",4]]})";

std::string join(const std::string& left, const std::string& condition, const std::string& type,
                 const std::string& prefix = "j.") {
  return R"({"type":"join","left":)" + left + R"(,"right":)" + kRight + R"(,"rightPrefix":")" + prefix +
         R"(","condition":)" + Json(condition).dump() + R"(,"joinType":")" + type + "\"}";
}

const std::string kVirtualColumns = R"x([{"type":"expression","name":"v","expression":"concat(page, '!')"},)x"
                                    R"x({"type":"expression","name":"w","expression":"concat(\"j.label\", page)"}])x";

std::string scan(const std::string& source, const std::string& filter, bool pushes) {
  return R"({"queryType":"scan","intervals":"1970/1971","resultFormat":"compactedList","dataSource":)" + source +
         R"(,"columns":["__time","page","n","j.label","j.w","v","u","l.label"],"filter":)" + filter +
         R"(,"virtualColumns":)" + kVirtualColumns + R"(,"context":{"enableJoinFilterPushDown":)" +
         (pushes ? "true" : "false") + "}}";
}

const std::vector<std::string> kFilters = {
    R"({"type":"selector","dimension":"page","value":"a"})",
    R"({"type":"selector","dimension":"page","value":null})",
    R"({"type":"not","field":{"type":"selector","dimension":"page","value":"a"}})",
    R"({"type":"selector","dimension":"v","value":"b!"})",
    R"({"type":"selector","dimension":"w","value":"A1a"})",
    R"({"type":"selector","dimension":"j.label","value":"A2"})",
    R"({"type":"selector","dimension":"j.label","value":null})",
    R"({"type":"null","column":"j.k"})",
    R"({"type":"not","field":{"type":"null","column":"j.k"}})",
    R"({"type":"expression","expression":"10 / \"j.w\" > 4"})",
    R"({"type":"expression","expression":"\"j.w\" < n"})",
    R"({"type":"range","column":"j.w","matchValueType":"LONG","lower":2})",
    R"({"type":"columnComparison","dimensions":["page","j.k"]})",
    R"({"type":"selector","dimension":"u","value":"y"})",
    R"({"type":"selector","dimension":"l.label","value":"B"})",
    R"({"type":"selector","dimension":"j.missing","value":null})",
    R"({"type":"false"})",
    R"({"type":"interval","dimension":"__time","intervals":["1970-01-01T02/1970-01-02"]})",
    R"({"type":"and","fields":[{"type":"selector","dimension":"page","value":"a"},)"
    R"({"type":"selector","dimension":"j.label","value":"A1"},{"type":"range","column":"n","matchValueType":"LONG","lower":3}]})",
    R"({"type":"or","fields":[{"type":"selector","dimension":"page","value":"b"},)"
    R"({"type":"selector","dimension":"j.label","value":"A1"}]})"};

/// Of a query that may be refused.
std::string told(const storage::Catalog& catalog, const std::string& query) {
  const std::string message = refusal(catalog, query);
  return message.empty() ? answer(catalog, query) : message;
}

TEST(JoinPushDown, ChangesNoAnswer) {
  storage::Catalog catalog;
  serve_example(catalog);
  std::vector<std::string> sources;
  for (const char* type : {"INNER", "LEFT", "RIGHT", "FULL"}) {
    const std::string one = join("\"t\"", R"(page == "j.k")", type);
    sources.push_back(one);
    sources.push_back(join("\"t\"", R"(notdistinctfrom(page, "j.k"))", type));
    sources.push_back(join("\"t\"", R"(lower(page) == "j.k" && n == "j.w")", type));
    sources.push_back(join("\"t\"", R"(n == "j.w")", type));
    sources.push_back(join(join("\"t\"", R"(page == "l.k")", "LEFT", "l."), R"("l.k" == "j.k")", type));
    sources.push_back(R"({"type":"unnest","base":)" + one +
                      R"(,"virtualColumn":{"type":"expression","name":"u","expression":"tags"}})");
    sources.push_back(R"({"type":"filter","base":)" + one + R"(,"filter":)" + kFilters[2] + "}");
  }
  sources.push_back(join(R"({"type":"filter","base":"t","filter":)" + kFilters[0] + "}", R"(page == "j.k")", "INNER"));
  sources.push_back(
      R"({"type":"unnest","base":"t","virtualColumn":{"type":"expression","name":"u","expression":"tags"}})");
  sources.push_back(
      R"({"type":"unnest","base":"t","virtualColumn":{"type":"expression","name":"page","expression":"tags"}})");
  for (const std::string& source : sources)
    for (const std::string& filter : kFilters)
      EXPECT_EQ(told(catalog, scan(source, filter, true)), told(catalog, scan(source, filter, false))) << source << "\n"
                                                                                                       << filter;
}

/// Many rows of few pages.
void serve_many(storage::Catalog& catalog) {
  constexpr std::size_t kRows = 200'000;
  std::vector<std::int64_t> times;
  std::vector<std::optional<std::string>> pages;
  std::vector<std::optional<std::int64_t>> numbers;
  for (std::size_t i = 0; i < kRows; ++i) {
    times.push_back(static_cast<std::int64_t>(i));
    pages.emplace_back(i % 1000 == 0 ? "a" : "x");
    numbers.emplace_back(static_cast<std::int64_t>(i % 1000));
  }
  auto segment = std::make_shared<MemorySegment>(times, Form::kMapped);
  segment->strings("page", pages).longs("n", numbers);
  serve(catalog, "t", segment);
}

struct MadeCase {
  std::string type;
  std::string filter;
  std::size_t rows;
  std::string context;
  bool fits;
};

TEST(JoinPushDown, MakesFewerRows) {
  storage::Catalog catalog;
  serve_many(catalog);
  const std::string all = R"({"type":"true"})";
  const std::string of_left = R"({"type":"selector","dimension":"n","value":"7"})";
  const std::string of_right = R"({"type":"selector","dimension":"j.label","value":"A1"})";
  const std::string of_missing = R"({"type":"selector","dimension":"j.label","value":null})";
  const std::vector<MadeCase> cases = {
      {"LEFT", all, 200'200, "{}", false},       {"INNER", all, 400, "{}", true},
      {"LEFT", of_left, 200, "{}", true},        {"LEFT", of_left, 200, R"({"enableJoinFilterPushDown":false})", false},
      {"FULL", of_left, 200, "{}", false},       {"LEFT", of_right, 200, "{}", true},
      {"FULL", of_right, 200, "{}", true},       {"LEFT", of_right, 200, R"({"enableJoinFilterRewrite":false})", false},
      {"LEFT", of_missing, 199'800, "{}", false}};
  QueryLimits limits;
  limits.query_bytes_max = 1'000'000;  // two numbers of 32 bits for each row of a join
  for (const MadeCase& one : cases) {
    const std::string query = R"({"queryType":"timeseries","intervals":"1970/1971","granularity":"all","dataSource":)" +
                              join("\"t\"", R"(page == "j.k")", one.type) + R"(,"filter":)" + one.filter +
                              R"(,"aggregations":[{"type":"count","name":"rows"}],"context":)" + one.context + "}";
    EXPECT_EQ(answer(catalog, query),
              R"([{"timestamp":"1970-01-01T00:00:00.000Z","result":{"rows":)" + std::to_string(one.rows) + "}}]")
        << query;
    try {
      answer(catalog, query, 2, limits);
      EXPECT_TRUE(one.fits) << query;
    } catch (const Error& error) {
      EXPECT_FALSE(one.fits) << query << error.what();
    }
  }
}

}  // namespace
}  // namespace sarsen::engine
