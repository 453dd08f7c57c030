// search: what matches, how it is counted and ordered, and that it stops where Druid stops.
#include <gtest/gtest.h>

#include "tests/engine/query/query_example.h"

namespace sarsen::engine {
namespace {

const std::string kSearch = R"({"queryType":"search","dataSource":"t","intervals":"1970-01-01/P1D",)";

/// "page=a*3 …": the hits of the first result.
std::string hits(const storage::Catalog& catalog, const std::string& rest) {
  const Json results = Json::parse(answer(catalog, kSearch + rest));
  std::string text;
  for (const Json& hit : results.array().at(0).find("result")->array()) {
    const Json& value = *hit.find("value");
    text += (text.empty() ? "" : " ") + hit.find("dimension")->string() + "=" +
            (value.is_null() ? "null" : value.string()) + "*" + hit.find("count")->dump();
  }
  return text;
}

TEST(Search, FindsValuesByIndexAndByRow) {
  storage::Catalog catalog;
  serve_example(catalog);
  struct Case {
    std::string rest;
    std::string found;
  };
  const std::vector<Case> cases = {
      {R"("query":{"type":"all"},"searchDimensions":["page"]})", "page=null*1 page=a*3 page=b*1 page=c*1"},
      {R"("searchDimensions":["page"]})", "page=null*1 page=a*3 page=b*1 page=c*1"},
      {R"("query":{"type":"contains","value":"A"},"searchDimensions":["page"]})", "page=a*3"},
      {R"("query":{"type":"contains","value":"A","caseSensitive":true},"searchDimensions":["page"]})", ""},
      {R"("query":{"type":"insensitive_contains","value":""},"searchDimensions":["page"]})",
       "page=a*3 page=b*1 page=c*1"},
      {R"("query":{"type":"fragment","values":[]},"searchDimensions":["page"]})", "page=a*3 page=b*1 page=c*1"},
      {R"("query":{"type":"regex","pattern":"[ab]"},"searchDimensions":["page"]})", "page=a*3 page=b*1"},
      // A row counts once for a value that it has twice.
      {R"("query":{"type":"contains","value":"z"},"searchDimensions":["tags","nope"]})", "tags=z*1"},
      {R"("query":{"type":"contains","value":"1"},"searchDimensions":["n"]})", "n=1*1 n=10*1"},
      {R"("query":{"type":"contains","value":"1"},"searchDimensions":["n"],"sort":{"type":"strlen"}})", "n=1*1 n=10*1"},
      {R"("query":{"type":"all"},"searchDimensions":["page"],"filter":{"type":"selector","dimension":"tags","value":"x"}})",
       "page=a*1 page=b*1 page=c*1"},
      // The first hits in the order of the dictionary, then sorted.
      {R"("query":{"type":"fragment","values":[]},"searchDimensions":["tags","page"],"limit":4})",
       "page=a*3 tags=x*3 tags=y*2 tags=z*1"},
      {R"("query":{"type":"contains","value":"a"}})", "page=a*3"},
      // Indexes that only Druid has: they, too, say that values come in the order of the dictionary.
      {R"("query":{"type":"all"},"searchDimensions":["page"],"limit":2,"filter":{"type":"isfalse","field":{"type":"null","column":"n"}}})",
       "page=null*1 page=a*3"},
      {R"("query":{"type":"all"},"searchDimensions":["page"],"limit":1,"filter":{"type":"expression","expression":"strlen(tags) == 1"}})",
       "page=null*1"},
  };
  for (const Case& one : cases) EXPECT_EQ(hits(catalog, one.rest), one.found) << one.rest;
}

TEST(Search, MergesSegmentsOfOneBucket) {
  storage::Catalog catalog;
  serve_example(catalog);
  auto more = std::make_shared<MemorySegment>(std::vector<std::int64_t>{5, 6}, Form::kLive);
  more->strings("page", {"a", "zz"});
  serve(catalog, "t", more, 1);
  EXPECT_EQ(hits(catalog, R"("query":{"type":"fragment","values":[]},"searchDimensions":["page"]})"),
            "page=a*4 page=b*1 page=c*1 page=zz*1");
  EXPECT_EQ(answer(catalog, R"({"queryType":"search","dataSource":"t","intervals":"2000/2001"})"), "[]");
}

/// Values that the order takes for equal stay apart where two segments meet, and take turns there.
TEST(Search, MergesHitsThatTheOrderTakesForEqual) {
  storage::Catalog catalog;
  std::uint32_t partition = 0;
  for (const std::vector<std::optional<std::string>>& pages :
       {std::vector<std::optional<std::string>>{"b", "A"}, {"a"}, {"A", "a", "A"}}) {
    auto segment = std::make_shared<MemorySegment>(std::vector<std::int64_t>(pages.size(), 5), Form::kMapped);
    segment->strings("page", pages);
    serve(catalog, "t", segment, partition++);
  }
  // The third segment is merged before the second, as Java's queue has it.
  EXPECT_EQ(hits(catalog, R"("query":{"type":"fragment","values":[]},"searchDimensions":["page"],"sort":"version"})"),
            "page=A*4 page=a*1 page=b*1");
}

TEST(Search, RefusesWhatDruidRefuses) {
  storage::Catalog catalog;
  EXPECT_EQ(refusal(catalog, kSearch + R"("limit":-1})"), "limit: limit is negative");
  EXPECT_NE(refusal(catalog, kSearch + R"("query":{"type":"other"}})"), "");
  EXPECT_NE(refusal(catalog, kSearch + R"("context":{"bySegment":true}})"), "");
}

}  // namespace
}  // namespace sarsen::engine
