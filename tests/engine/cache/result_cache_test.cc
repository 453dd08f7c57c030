#include "engine/cache/result_cache.h"

#include <gtest/gtest.h>

namespace sarsen::engine {
namespace {

struct Text final : CachedResult {
  explicit Text(std::string value) : text(std::move(value)) {}
  std::size_t bytes() const noexcept override { return text.size(); }
  std::string text;
};

ResultCache::Result answer(std::size_t size, char fill = 'x') {
  return std::make_shared<const Text>(std::string(size, fill));
}

std::string text_of(ResultCache& cache, const char* key) {
  const ResultCache::Result found = cache.find(key);
  return found == nullptr ? "" : static_cast<const Text&>(*found).text;
}

TEST(ResultCache, KeepsWhatFits) {
  ResultCache cache(100000);
  EXPECT_EQ(cache.find("a"), nullptr);
  cache.put("a", answer(10));
  ASSERT_NE(cache.find("a"), nullptr);
  EXPECT_EQ(text_of(cache, "a"), std::string(10, 'x'));
  EXPECT_EQ(cache.statistics().hits, 2u);
  EXPECT_EQ(cache.statistics().misses, 1u);
  EXPECT_EQ(cache.statistics().entries, 1u);
}

TEST(ResultCache, ForgetsTheLeastRecentlyUsed) {
  ResultCache cache(10000);
  for (const char* key : {"a", "b", "c", "d", "e", "f", "g", "h", "i"}) {
    cache.put(key, answer(1000));
    EXPECT_NE(cache.find("a"), nullptr) << key;
  }
  EXPECT_EQ(cache.find("b"), nullptr);
  EXPECT_NE(cache.find("i"), nullptr);
  EXPECT_LE(cache.statistics().bytes, 10000u);
  EXPECT_EQ(cache.statistics().evictions, 1u);
}

TEST(ResultCache, KeepsNoAnswerThatWouldCrowdOutTheOthers) {
  ResultCache cache(10000);
  cache.put("small", answer(10));
  cache.put("large", answer(2000));
  EXPECT_EQ(cache.find("large"), nullptr);
  EXPECT_NE(cache.find("small"), nullptr);
  ResultCache(0).put("a", answer(0));
}

TEST(ResultCache, ReplacesAndCountsOnce) {
  ResultCache cache(10000);
  cache.put("a", answer(500));
  const std::size_t bytes = cache.statistics().bytes;
  cache.put("a", answer(500, 'y'));
  EXPECT_EQ(cache.statistics().bytes, bytes);
  EXPECT_EQ(text_of(cache, "a"), std::string(500, 'y'));
}

}  // namespace
}  // namespace sarsen::engine
