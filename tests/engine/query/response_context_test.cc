#include "engine/query/response_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string told(const std::string& source, const std::string& intervals, const std::string& context = "{}") {
  storage::Catalog catalog;
  serve_example(catalog);
  const QueryPtr query =
      parse_query(Json::parse(R"({"queryType":"timeseries","granularity":"all","dataSource":)" + source +
                              R"(,"intervals":)" + intervals + R"(,"context":)" + context + "}"));
  return text_of(response_context(*query, *catalog.snapshot()));
}

const std::string kSides = R"(["1969-12-01/1970-03-01"])";  // the table has January

TEST(ResponseContext, IsEmptyUnlessAskedFor) {
  EXPECT_EQ(told("\"t\"", kSides), "{}");
  EXPECT_EQ(told("\"t\"", "[\"1970-01-02/P1D\"]", R"({"uncoveredIntervalsLimit":5})"), "{}");
  EXPECT_EQ(told("\"nowhere\"", kSides, R"({"uncoveredIntervalsLimit":5})"), "{}");
}

TEST(ResponseContext, TellsUncoveredIntervals) {
  EXPECT_EQ(told("\"t\"", kSides, R"({"uncoveredIntervalsLimit":2})"),
            R"({"uncoveredIntervals":["1969-12-01T00:00:00.000Z/1970-01-01T00:00:00.000Z",)"
            R"("1970-02-01T00:00:00.000Z/1970-03-01T00:00:00.000Z"],"uncoveredIntervalsOverflowed":false})");
  EXPECT_EQ(told("\"t\"", kSides, R"({"uncoveredIntervalsLimit":1})"),
            R"({"uncoveredIntervals":["1969-12-01T00:00:00.000Z/1970-01-01T00:00:00.000Z"],)"
            R"("uncoveredIntervalsOverflowed":true})");
}

TEST(ResponseContext, LooksBelowFiltersAndQueries) {
  const std::string filtered = R"({"type":"filter","base":"t","filter":{"type":"true"}})";
  EXPECT_THAT(told(filtered, kSides, R"({"uncoveredIntervalsLimit":2})"), HasSubstr("1969-12-01"));
  const std::string query = R"({"type":"query","query":{"queryType":"timeseries","granularity":"all","dataSource":"t",)"
                            R"("intervals":"1969/1970","context":{"uncoveredIntervalsLimit":1}}})";
  EXPECT_THAT(told(query, kSides), HasSubstr("1969-01-01T00:00:00.000Z/1970-01-01T00:00:00.000Z"));
}

TEST(ResponseContext, NamesSegmentsThatAreNotHere) {
  const std::string segments =
      R"({"type":"segments","segments":[{"itvl":"1970-01-01/1970-02-01","ver":"v1","part":0},)"
      R"({"itvl":"1970-01-01/1970-02-01","ver":"v1","part":4},{"itvl":"1970-02-01/P1D","ver":"\u00e4","part":0}]})";
  EXPECT_EQ(told("\"t\"", segments),
            R"({"missingSegments":[{"itvl":"1970-01-01T00:00:00.000Z/1970-02-01T00:00:00.000Z","ver":"v1","part":4},)"
            "{\"itvl\":\"1970-02-01T00:00:00.000Z/1970-02-02T00:00:00.000Z\",\"ver\":\"\u00e4\",\"part\":0}]}");
}

TEST(ResponseContext, HalvesWhatIsTooLong) {
  ResponseContext context;
  for (std::int64_t i = 0; i < 1000; ++i) context.uncovered.push_back({i * 10, i * 10 + 5});
  const std::string text = text_of(context);
  EXPECT_LE(text.size(), kResponseContextBytesMax);
  EXPECT_THAT(text, HasSubstr(R"("uncoveredIntervalsOverflowed":false,"truncated":true})"));
  EXPECT_THAT(text, HasSubstr(R"({"uncoveredIntervals":["1970-01-01T00:00:00.000Z/1970-01-01T00:00:00.005Z",)"));
  context.uncovered.resize(2);
  EXPECT_THAT(text_of(context), Not(HasSubstr("truncated")));
  EXPECT_EQ(text_of(context, 60), R"({"uncoveredIntervalsOverflowed":false,"truncated":true})");
}

}  // namespace
}  // namespace sarsen::engine
