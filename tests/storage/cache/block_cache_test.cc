#include "storage/cache/block_cache.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace sarsen::storage {
namespace {

BlockCache::Block block_of(std::size_t size) {
  auto block = std::make_shared<DecodedBlock>();
  block->bytes = std::make_unique<std::byte[]>(size);
  block->size = size;
  return block;
}

TEST(BlockCache, DecodesABlockOnce) {
  BlockCache cache(1 << 20);
  int decoded = 0;
  const auto decode = [&] {
    ++decoded;
    return block_of(100);
  };
  const BlockCache::Block first = cache.get({1, 2}, decode);
  EXPECT_EQ(cache.get({1, 2}, decode), first);
  EXPECT_NE(cache.get({1, 3}, decode), first);
  EXPECT_NE(cache.get({2, 2}, decode), first);
  EXPECT_EQ(decoded, 3);
  EXPECT_EQ(cache.statistics().hits, 1u);
  EXPECT_EQ(cache.statistics().misses, 3u);
  EXPECT_EQ(cache.statistics().entries, 3u);
}

TEST(BlockCache, StaysWithinItsBudget) {
  constexpr std::size_t kBudgetBytes = 1 << 20;
  BlockCache cache(kBudgetBytes);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    cache.get({1, i}, [] { return block_of(5000); });
    ASSERT_LE(cache.statistics().bytes, kBudgetBytes);
  }
  EXPECT_GT(cache.statistics().entries, 100u);
  EXPECT_GT(cache.statistics().evictions, 100u);
  cache.set_budget_bytes(0);
  EXPECT_EQ(cache.statistics().bytes, 0u);
  EXPECT_EQ(cache.statistics().entries, 0u);
}

TEST(BlockCache, KeepsWhatIsReadAgainAndAgain) {
  BlockCache cache(1 << 20);
  int decoded = 0;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    cache.get({1, 0}, [&] {
      ++decoded;
      return block_of(5000);
    });
    cache.get({2, i}, [] { return block_of(5000); });
  }
  EXPECT_EQ(decoded, 1);
}

TEST(BlockCache, LeavesADroppedBlockToItsReader) {
  BlockCache cache(1 << 20);
  const BlockCache::Block held = cache.get({1, 0}, [] { return block_of(10); });
  cache.forget(1, 1);
  EXPECT_EQ(cache.statistics().entries, 0u);
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(held->size, 10u);
}

TEST(BlockCache, PassesBlocksOnThatAreLargerThanItsBudget) {
  BlockCache cache(1000);
  EXPECT_EQ(cache.get({1, 0}, [] { return block_of(5000); })->size, 5000u);
  EXPECT_EQ(cache.statistics().entries, 0u);
}

TEST(BlockCache, KeepsNothingOfADecodeThatFails) {
  BlockCache cache(1 << 20);
  EXPECT_THROW(cache.get({1, 0}, []() -> BlockCache::Block { throw std::runtime_error("corrupt"); }),
               std::runtime_error);
  EXPECT_EQ(cache.get({1, 0}, [] { return block_of(7); })->size, 7u);
}

TEST(BlockCache, ServesManyThreads) {
  BlockCache cache(1 << 18);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&cache] {
      for (std::uint32_t i = 0; i < 3000; ++i) {
        const std::uint32_t index = i * 7 % 101;
        const BlockCache::Block block = cache.get({1, index}, [&] { return block_of(3000 + index); });
        ASSERT_EQ(block->size, 3000 + index);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace sarsen::storage
