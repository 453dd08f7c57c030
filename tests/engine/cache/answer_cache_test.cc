#include "engine/cache/answer_cache.h"

#include <gtest/gtest.h>

namespace sarsen::engine {
namespace {

AnswerCache::Answer answer(std::size_t size, char fill = 'x') {
  return std::make_shared<const std::string>(size, fill);
}

TEST(AnswerCache, KeepsWhatFits) {
  AnswerCache cache(100000);
  EXPECT_EQ(cache.find("a"), nullptr);
  cache.put("a", answer(10));
  ASSERT_NE(cache.find("a"), nullptr);
  EXPECT_EQ(*cache.find("a"), std::string(10, 'x'));
  EXPECT_EQ(cache.statistics().hits, 2u);
  EXPECT_EQ(cache.statistics().misses, 1u);
  EXPECT_EQ(cache.statistics().entries, 1u);
}

TEST(AnswerCache, ForgetsTheLeastRecentlyUsed) {
  AnswerCache cache(10000);
  for (const char* key : {"a", "b", "c", "d", "e", "f", "g", "h", "i"}) {
    cache.put(key, answer(1000));
    EXPECT_NE(cache.find("a"), nullptr) << key;
  }
  EXPECT_EQ(cache.find("b"), nullptr);
  EXPECT_NE(cache.find("i"), nullptr);
  EXPECT_LE(cache.statistics().bytes, 10000u);
  EXPECT_EQ(cache.statistics().evictions, 1u);
}

TEST(AnswerCache, KeepsNoAnswerThatWouldCrowdOutTheOthers) {
  AnswerCache cache(10000);
  cache.put("small", answer(10));
  cache.put("large", answer(2000));
  EXPECT_EQ(cache.find("large"), nullptr);
  EXPECT_NE(cache.find("small"), nullptr);
  AnswerCache(0).put("a", answer(0));
}

TEST(AnswerCache, ReplacesAndCountsOnce) {
  AnswerCache cache(10000);
  cache.put("a", answer(500));
  const std::size_t bytes = cache.statistics().bytes;
  cache.put("a", answer(500, 'y'));
  EXPECT_EQ(cache.statistics().bytes, bytes);
  EXPECT_EQ(*cache.find("a"), std::string(500, 'y'));
}

}  // namespace
}  // namespace sarsen::engine
