// Every filter, aggregator, extraction function, virtual column, dimension and having over values at the edges: nulls,
// empty text, NaN, both zeros, infinities, the least and the greatest long, rows of several values and of none, a
// column that does not exist. What is known of all of them is asked of all of them; what each answers is in the tests
// of its own folder and in the recordings.
#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "engine/aggregator/aggregator.h"
#include "engine/extraction/extraction_function.h"
#include "engine/virtual_column/virtual_column.h"
#include "tests/engine/query/edge_samples.h"
#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

const std::vector<std::string> kColumns = {"text",  "lists",   "long",   "double", "float",
                                           "nulls", "nothing", "__time", "v"};

std::shared_ptr<MemorySegment> edges(Form form) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr auto kGreatest = std::numeric_limits<std::int64_t>::max();
  auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>{-5, 0, 0, 1, 2, 3, 4, 5}, form);
  segment->strings("text", {"", "a", std::nullopt, "-0.0", "NaN", "9223372036854775807", "\U0001d4b3", "a"})
      .lists("lists", {{"a", ""}, {}, {std::nullopt}, {"a"}, {"b", "b"}, {"1", "2", "3"}, {}, {"-0.0", std::nullopt}})
      .longs("long", {0, kLeast, std::nullopt, kGreatest, -1, kGreatest, 1, std::nullopt})
      .doubles("double", {0.0, -0.0, std::nullopt, kNan, kInfinity, -kInfinity, 1e308, 1e308})
      .floats("float", {0.0F, -0.0F, std::nullopt, static_cast<float>(kNan), std::numeric_limits<float>::infinity(),
                        std::numeric_limits<float>::denorm_min(), 3e38F, 3e38F})
      .strings("nulls", Strings(8));
  return segment;
}

struct Serving {
  explicit Serving(Form form) { serve(catalog, "t", edges(form)); }
  storage::Catalog catalog;
};

std::string filled(std::string_view type, std::string_view members, const std::string& column) {
  std::string json = R"({"type":")" + std::string(type) + "\"," + std::string(members) + "}";
  for (std::size_t at; (at = json.find("$C")) != std::string::npos;) json.replace(at, 2, column);
  return json;
}

/// The answer; or the words of a refusal, which is never for a fault of the program's own.
std::string told(const storage::Catalog& catalog, const std::string& query, std::size_t threads = 1) {
  try {
    return answer(catalog, query, threads);
  } catch (const Error& error) {
    EXPECT_NE(error.category(), ErrorCategory::kDefensive) << query << error.what();
    return std::string("refused: ") + error.what();
  }
}

std::string query(const std::string& type, const std::string& more) {
  return R"({"queryType":")" + type + R"(","dataSource":"t","intervals":"1960/1980",)" +
         R"("virtualColumns":[{"type":"expression","name":"v","expression":"double * 2","outputType":"DOUBLE"}],)" +
         more + "}";
}

std::string scan(const std::string& filter) {
  return query("scan", R"("columns":["text","long"],"resultFormat":"compactedList","filter":)" + filter);
}

std::string negation(const std::string& filter) { return R"({"type":"not","field":)" + filter + "}"; }

std::size_t count(const storage::Catalog& catalog, const std::string& filter) {
  const Json answered = Json::parse(told(catalog, scan(filter)));
  return answered.array().empty() ? 0 : answered.array()[0].find("events")->array().size();
}

template <class Registry>
void expect_samples(const Registry& registry, const Samples& samples) {
  std::set<std::string_view> sampled;
  for (const auto& [type, members] : samples) sampled.insert(type);
  for (const auto& type : registry.types()) EXPECT_TRUE(sampled.contains(type.type)) << type.type << " has no sample";
}

TEST(EdgeValues, EachTypeIsAsked) {
  expect_samples(filters(), kFilterSamples);
  expect_samples(aggregators(), kAggregatorSamples);
  expect_samples(extractions(), kExtractionSamples);
  expect_samples(virtual_columns(), kVirtualColumnSamples);
}

TEST(EdgeValues, FiltersAnswerAlikeByIndexAndByValueAndHaveAnOpposite) {
  const Serving mapped_serving(Form::kMapped);
  const Serving live_serving(Form::kLive);
  const storage::Catalog& mapped = mapped_serving.catalog;
  const storage::Catalog& live = live_serving.catalog;
  for (const auto& [type, members] : kFilterSamples)
    for (const std::string& column : kColumns) {
      const std::string filter = filled(type, members, column);
      const std::string rows = told(mapped, scan(filter));
      EXPECT_EQ(rows, told(live, scan(filter))) << filter;
      if (rows.starts_with("refused: ")) continue;
      EXPECT_EQ(told(mapped, scan(negation(filter))), told(live, scan(negation(filter)))) << filter;
      EXPECT_EQ(rows, told(mapped, scan(negation(negation(filter))))) << filter;
      // Unknown rows are in neither.
      EXPECT_LE(count(mapped, filter) + count(mapped, negation(filter)), 8u) << filter;
      EXPECT_EQ(count(mapped, R"({"type":"and","fields":[)" + filter + "," + negation(filter) + "]}"), 0u) << filter;
    }
}

TEST(EdgeValues, ColumnsOfNullsAreLikeColumnsThatDoNotExist) {
  const Serving serving(Form::kMapped);
  for (const auto& [type, members] : kFilterSamples)
    for (const bool negated : {false, true}) {
      // Nulls are outside of what Druid finds by searching; where there is nothing to search, they are asked.
      if (negated && type == "bound") continue;
      const auto rows = [&](const std::string& column) {
        const std::string filter = filled(type, members, column);
        return told(serving.catalog, scan(negated ? negation(filter) : filter));
      };
      EXPECT_EQ(rows("nulls"), rows("nothing")) << type << " " << members;
    }
}

class EdgeValuesAnywhere : public ::testing::Test {
 protected:
  /// The answer is the same in each form of segment, whatever the threads.
  void expect_one_answer(const std::string& asked) const {
    const std::string one = told(mapped_.catalog, asked);
    EXPECT_EQ(one, told(live_.catalog, asked)) << asked;
    EXPECT_EQ(one, told(mapped_.catalog, asked, 3)) << asked;
  }

  /// By groupBy and by topN.
  void expect_one_grouping(const std::string& dimension, const std::string& more = "") const {
    const std::string rest =
        R"("granularity":"all","aggregations":[{"type":"count","name":"rows"},{"type":"doubleSum","name":"sum",)"
        R"("fieldName":"double"}])" +
        more;
    expect_one_answer(query("groupBy", rest + R"(,"dimensions":[)" + dimension + "]"));
    expect_one_answer(query("topN", rest + R"(,"metric":"rows","threshold":9,"dimension":)" + dimension));
  }

 private:
  const Serving mapped_{Form::kMapped};
  const Serving live_{Form::kLive};
};

TEST_F(EdgeValuesAnywhere, Aggregators) {
  for (const auto& [type, members] : kAggregatorSamples)
    for (const std::string& column : kColumns) {
      std::string json = filled(type, members, column);
      json.replace(1, 0, R"("name":"x",)");
      const std::string rest = R"("granularity":"all","aggregations":[)" + json + "]";
      expect_one_answer(query("timeseries", rest));
      expect_one_answer(query("timeseries", rest + R"(,"filter":{"type":"false"})"));
      expect_one_answer(query("groupBy", rest + R"(,"dimensions":["lists"])"));
    }
}

TEST_F(EdgeValuesAnywhere, Dimensions) {
  for (const std::string& column : kColumns) {
    for (const auto& [type, members] : kDimensionSamples) {
      std::string json = filled(type, members, column);
      json.replace(1, 0, R"("outputName":"w",)");
      expect_one_grouping(json);
    }
    for (const auto& [type, members] : kExtractionSamples)
      expect_one_grouping(R"({"type":"extraction","outputName":"w","dimension":")" + column + R"(","extractionFn":)" +
                          filled(type, members, column) + "}");
    for (const auto& [type, members] : kHavingSamples)
      expect_one_grouping(R"({"type":"default","outputName":"w","dimension":")" + column + "\"}",
                          R"(,"having":)" + filled(type, members, column));
  }
}

TEST_F(EdgeValuesAnywhere, VirtualColumns) {
  for (const auto& [type, members] : kVirtualColumnSamples)
    for (const std::string& column : kColumns) {
      if (column == "v") continue;
      std::string json = filled(type, members, column);
      json.replace(1, 0, R"("name":"w",)");
      const std::string source = R"("dataSource":"t","intervals":"1960/1980","virtualColumns":[)" + json + "],";
      expect_one_answer(R"({"queryType":"scan",)" + source + R"("columns":["w"],"resultFormat":"compactedList"})");
      expect_one_answer(R"({"queryType":"groupBy",)" + source + R"("granularity":"all","dimensions":["w"]})");
      expect_one_answer(R"({"queryType":"timeseries",)" + source +
                        R"("granularity":"all","aggregations":[{"type":"longMax","name":"x","fieldName":"w"}]})");
    }
}

}  // namespace
}  // namespace sarsen::engine
