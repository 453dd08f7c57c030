#include "server/api/cached_answers.h"

#include <gtest/gtest.h>

namespace sarsen::server {
namespace {

const Json kNothing = Json::Object();

// The answer, and how often it was computed.
class CachedAnswersTest : public testing::Test {
 protected:
  std::string ask(CachedAnswers& cache, const std::optional<std::string>& key, const Json& context = kNothing,
                  JsonStyle style = JsonStyle::kCompact) {
    std::string got;
    cache.answer(
        *query(context), key, style, [&](std::string_view piece) { got += piece; },
        [&](const CachedAnswers::Emit& emit) {
          ++computed_;
          emit("[1,");
          emit("2]");
        });
    return got;
  }

  static engine::QueryPtr query(const Json& context) {
    return engine::parse_query(
        Json(Json::Object{{"queryType", "timeBoundary"}, {"dataSource", "t"}, {"context", context}}));
  }

  engine::ResultCache results_{std::size_t{1} << 20};
  int computed_ = 0;
};

TEST_F(CachedAnswersTest, ComputesOnceAndAnswersAlike) {
  CachedAnswers cache({.use = true, .populate = true}, results_);
  EXPECT_EQ(ask(cache, "key"), "[1,2]");
  EXPECT_EQ(ask(cache, "key"), "[1,2]");
  EXPECT_EQ(computed_, 1);
  ask(cache, "other key");
  ask(cache, "key", kNothing, JsonStyle::kPretty);
  EXPECT_EQ(computed_, 3);
}

TEST_F(CachedAnswersTest, DoesNothingUnlessItIsTold) {
  CachedAnswers cache({}, results_);
  EXPECT_FALSE(cache.concerns(*query(kNothing)));
  ask(cache, "key");
  ask(cache, "key");
  EXPECT_EQ(computed_, 2);
}

TEST_F(CachedAnswersTest, LeavesAnswersAloneThatCanChange) {
  CachedAnswers cache({.use = true, .populate = true}, results_);
  ask(cache, std::nullopt);
  ask(cache, std::nullopt);
  EXPECT_EQ(computed_, 2);
}

TEST_F(CachedAnswersTest, ObeysTheContext) {
  CachedAnswers cache({.use = true, .populate = true}, results_);
  const Json neither = Json::parse(R"({"useResultLevelCache":false,"populateResultLevelCache":false})");
  const Json not_read = Json::parse(R"({"useResultLevelCache":"false"})");
  ask(cache, "key", neither);
  ask(cache, "key");  // was not kept
  EXPECT_EQ(computed_, 2);
  ask(cache, "key", not_read);
  EXPECT_EQ(computed_, 3);
  ask(cache, "key");
  EXPECT_EQ(computed_, 3);
}

TEST_F(CachedAnswersTest, KeepsNoLargeAnswer) {
  CachedAnswers cache({.use = true, .populate = true, .entry_bytes_max = 4}, results_);
  ask(cache, "key");
  EXPECT_EQ(ask(cache, "key"), "[1,2]");
  EXPECT_EQ(computed_, 2);
}

TEST_F(CachedAnswersTest, LeavesUncacheableTypesAlone) {
  CachedAnswers cache({.use = true, .populate = true, .uncacheable = {"timeBoundary"}}, results_);
  ask(cache, "key");
  ask(cache, "key");
  EXPECT_EQ(computed_, 2);
}

}  // namespace
}  // namespace sarsen::server
