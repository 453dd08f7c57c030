// Queries over a segment of Druid with auto columns, arrays and JSON: what is one value of one type is read as any
// column is, arrays are grouped by; sketches refuse arrays and JSON by name.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>

#include "engine/exec/worker_pool.h"
#include "engine/query/query.h"
#include "engine/query/query_engine.h"
#include "storage/base/error.h"
#include "storage/segment/catalog.h"
#include "storage/segment/mapped_segment.h"
#include "tests/support/checkout.h"

namespace sarsen::engine {
namespace {

class AutoColumns : public testing::Test {
 protected:
  AutoColumns() {
    storage::TimelineEntry entry;
    entry.id = {"t", parse_interval("2024-01-01/2025-01-01"), "v1", 0};
    entry.segment = std::make_shared<storage::ImmutableServedSegment>(storage::open_segment(folder_));
    catalog_.update("t", [&](storage::Timeline& timeline) { timeline.add(entry); });
    std::ifstream file(folder_ / "rows.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    rows_ = Json::parse(text);
  }

  const Json::Array& rows() const { return rows_.find("rows")->array(); }

  /// A timeseries over everything with what `rest` adds.
  std::string ask(const std::string& rest) {
    return run(R"({"queryType":"timeseries","dataSource":"t","granularity":"all","intervals":"2024/2025",)" + rest +
               "}");
  }

  std::string run(const std::string& query) {
    WorkerPool pool(2);
    QueryControl control;
    std::string text;
    const QueryEngine engine(catalog_, pool, {});
    engine.run(*parse_query(Json::parse(query)), control, JsonStyle::kCompact,
               [&](std::string_view piece) { text += piece; });
    return text;
  }

  std::string refusal(const std::string& rest) {
    try {
      return "answered: " + ask(rest);
    } catch (const Error& error) {
      EXPECT_EQ(error.category(), ErrorCategory::kInvalidInput) << rest;
      return error.what();
    }
  }

  const std::filesystem::path folder_ = source_folder() / "tests/golden/segments/druid-37.0.0-types";
  storage::Catalog catalog_;
  Json rows_;
};

std::string result(const std::string& fields) { return R"("result":{)" + fields + "}}]"; }

TEST_F(AutoColumns, AggregatesNumbers) {
  std::int64_t sum = 0;
  double greatest = -1e300;
  for (const Json& row : rows()) {
    if (const Json& value = *row.find("auto_lng"); !value.is_null()) sum += value.integer();
    if (const Json& value = *row.find("auto_dbl"); !value.is_null()) greatest = std::max(greatest, value.number());
  }
  const std::string answer = ask(R"("aggregations":[{"type":"longSum","name":"s","fieldName":"auto_lng"},
      {"type":"doubleMax","name":"m","fieldName":"auto_dbl"}])");
  EXPECT_NE(answer.find("\"s\":" + std::to_string(sum)), std::string::npos) << answer;
  EXPECT_NE(answer.find("\"m\":" + Json(greatest).dump()), std::string::npos) << answer;
}

TEST_F(AutoColumns, FiltersByStringsAndNumbers) {
  std::size_t strings = 0;
  std::size_t numbers = 0;
  std::size_t nulls = 0;
  for (const Json& row : rows()) {
    strings += row.find("auto_str")->dump() == R"("t8")" ? 1 : 0;
    numbers += row.find("auto_lng")->dump() == "5" ? 1 : 0;
    nulls += row.find("auto_lng")->is_null() ? 1 : 0;
  }
  ASSERT_GT(strings * nulls, 0u);
  const auto count = [&](const std::string& filter) {
    return ask(R"("aggregations":[{"type":"count","name":"c"}],"filter":)" + filter);
  };
  const auto expect = [&](const std::string& filter, std::size_t rows) {
    const std::string answer = count(filter);
    EXPECT_TRUE(answer.ends_with(result("\"c\":" + std::to_string(rows)))) << filter << ": " << answer;
  };
  expect(R"({"type":"selector","dimension":"auto_str","value":"t8"})", strings);
  expect(R"({"type":"selector","dimension":"auto_lng","value":"5"})", numbers);
  expect(R"({"type":"selector","dimension":"auto_lng","value":null})", nulls);
  expect(R"({"type":"not","field":{"type":"selector","dimension":"auto_str","value":"t8"}})",
         static_cast<std::size_t>(std::count_if(rows().begin(), rows().end(), [](const Json& row) {
           return !row.find("auto_str")->is_null() && row.find("auto_str")->dump() != R"("t8")";
         })));
}

TEST_F(AutoColumns, GroupsByStrings) {
  std::map<std::string, std::size_t> groups;
  for (const Json& row : rows()) ++groups[row.find("auto_str")->dump()];
  const std::string answer = run(R"({"queryType":"groupBy","dataSource":"t","granularity":"all","intervals":"2024/2025",
      "dimensions":["auto_str"],"aggregations":[{"type":"count","name":"c"}]})");
  for (const auto& [value, count] : groups) {
    const std::string wanted = "\"auto_str\":" + value + ",\"c\":" + std::to_string(count) + "}";
    const std::string other = "\"c\":" + std::to_string(count) + ",\"auto_str\":" + value + "}";
    EXPECT_TRUE(answer.find(wanted) != std::string::npos || answer.find(other) != std::string::npos) << wanted;
  }
}

TEST_F(AutoColumns, GroupsByArrays) {
  std::map<std::string, std::size_t> groups;
  for (const Json& row : rows()) ++groups[row.find("arr_lng")->dump()];
  const std::string answer = run(R"({"queryType":"groupBy","dataSource":"t","granularity":"all","intervals":"2024/2025",
      "dimensions":[{"type":"default","dimension":"arr_lng","outputName":"k","outputType":"ARRAY<LONG>"}],
      "aggregations":[{"type":"count","name":"c"}]})");
  const Json parsed = Json::parse(answer);
  EXPECT_EQ(parsed.array().size(), groups.size());
  for (const Json& row : parsed.array()) {
    const Json& event = *row.find("event");
    EXPECT_EQ(event.find("c")->integer(), static_cast<std::int64_t>(groups[event.find("k")->dump()])) << row.dump();
  }
}

/// How many rows a test holds for.
template <class Test>
std::size_t count_rows(const Json::Array& rows, Test test) {
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), test));
}

TEST_F(AutoColumns, FiltersTakeArraysAsAWhole) {
  const auto array_of = [](const Json& row) { return row.find("arr_lng"); };
  const std::size_t nulls = count_rows(rows(), [&](const Json& row) { return array_of(row)->is_null(); });
  const std::size_t from_three = count_rows(rows(), [&](const Json& row) {
    const Json& array = *array_of(row);
    return !array.is_null() && !array.array().empty() && !array.array()[0].is_null() && array.array()[0].integer() >= 3;
  });
  const std::size_t with_null = count_rows(rows(), [&](const Json& row) {
    return array_of(row)->is_null() || array_of(row)->dump().find("null") != std::string::npos;
  });
  ASSERT_GT(nulls * from_three * (with_null - nulls), 0u);
  const auto expect = [&](const std::string& filter, std::size_t rows) {
    const std::string answer = ask(R"("aggregations":[{"type":"count","name":"c"}],"filter":)" + filter);
    EXPECT_TRUE(answer.ends_with(result("\"c\":" + std::to_string(rows)))) << filter << ": " << answer;
  };
  expect(R"({"type":"equals","column":"arr_lng","matchValueType":"LONG","matchValue":5})", 0);
  expect(R"({"type":"range","column":"arr_lng","matchValueType":"LONG","lower":3})", from_three);
  expect(R"({"type":"range","column":"arr_lng","matchValueType":"DOUBLE","lower":2.5})", from_three);
  expect(R"({"type":"range","column":"arr_lng","matchValueType":"ARRAY<LONG>","lower":[3]})", from_three);
  expect(R"({"type":"range","column":"arr_str","matchValueType":"LONG","lower":3})", 0);  // text is below all numbers
  expect(R"({"type":"selector","dimension":"arr_lng","value":null})", nulls);
  expect(R"({"type":"columnComparison","dimensions":["arr_lng","arr_lng"]})", rows().size());
  expect(R"({"type":"columnComparison","dimensions":["arr_lng","allnull"]})", with_null);
  EXPECT_THROW(expect(R"({"type":"like","dimension":"arr_lng","pattern":"a"})", 0), Error);
}

TEST_F(AutoColumns, FiltersTakeJsonForNull) {
  const std::size_t nulls = count_rows(rows(), [](const Json& row) { return row.find("nested")->is_null(); });
  const auto expect = [&](const std::string& filter, std::size_t rows) {
    const std::string answer = ask(R"("aggregations":[{"type":"count","name":"c"}],"filter":)" + filter);
    EXPECT_TRUE(answer.ends_with(result("\"c\":" + std::to_string(rows)))) << filter << ": " << answer;
  };
  expect(R"({"type":"selector","dimension":"nested","value":"x"})", 0);
  expect(R"({"type":"selector","dimension":"nested","value":null})", nulls);  // of these Druid has an index
  expect(R"({"type":"not","field":{"type":"selector","dimension":"nested","value":"x"}})", rows().size() - nulls);
  expect(R"({"type":"in","dimension":"nested","values":["x",null]})", rows().size());
  expect(R"({"type":"bound","dimension":"nested","upper":"x"})", rows().size());
  expect(R"({"type":"range","column":"nested","matchValueType":"STRING","lower":"x"})", 0);
  expect(R"({"type":"columnComparison","dimensions":["nested","allnull"]})", rows().size());
}

TEST_F(AutoColumns, LimitsTellArraysApart) {
  const std::string query = R"({"queryType":"groupBy","dataSource":"t","granularity":"all","intervals":"2024/2025",
      "dimensions":[{"type":"default","dimension":"arr_lng","outputName":"k","outputType":"ARRAY<LONG>"}],
      "aggregations":[{"type":"count","name":"c"}])";
  const Json all = Json::parse(run(query + "}"));
  const Json limited = Json::parse(run(query + R"(,"limitSpec":{"type":"default","limit":5,"columns":[
      {"dimension":"k","direction":"ascending","dimensionOrder":"numeric"}]}})"));
  ASSERT_EQ(limited.array().size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(limited.array()[i].dump(), all.array()[i].dump());
  const Json last = Json::parse(run(query + R"(,"limitSpec":{"type":"default","limit":1,"columns":[
      {"dimension":"k","direction":"descending","dimensionOrder":"numeric"}]}})"));
  EXPECT_EQ(last.array()[0].dump(), all.array().back().dump());
}

TEST_F(AutoColumns, ArraysHaveNoSum) {
  const std::string answer = ask(R"("aggregations":[{"type":"longSum","name":"a","fieldName":"arr_lng"}])");
  EXPECT_TRUE(answer.ends_with(result(R"("a":null)"))) << answer;
}

TEST_F(AutoColumns, RefusesSketchesOfArraysAndOfJsonByName) {
  const std::string start = "Columns of arrays and of JSON are not read here: ";
  const std::map<std::string, std::string> columns = {
      {"arr_lng", "ARRAY<LONG>"}, {"variant", "ARRAY<STRING>"}, {"nested", "COMPLEX<json>"}};
  for (const auto& [name, type] : columns)
    for (const char* aggregator : {"hyperUnique", "thetaSketch", "HLLSketchBuild", "HLLSketchMerge"})
      EXPECT_EQ(refusal(R"("aggregations":[{"type":")" + std::string(aggregator) + R"(","name":"a","fieldName":")" +
                        name + R"("}])"),
                start + name + " is " + type)
          << aggregator;
}

}  // namespace
}  // namespace sarsen::engine
