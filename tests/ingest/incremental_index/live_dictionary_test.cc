#include "ingest/incremental_index/live_dictionary.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

namespace sarsen::ingest {
namespace {

TEST(LiveDictionaryTest, GivesIdsInOrderOfArrival) {
  LiveDictionary dictionary;
  EXPECT_EQ(dictionary.add("b"), 0u);
  EXPECT_EQ(dictionary.add(std::nullopt), 1u);
  EXPECT_EQ(dictionary.add(""), 2u);
  EXPECT_EQ(dictionary.add("b"), 0u);
  EXPECT_EQ(dictionary.size(), 3u);
  EXPECT_EQ(dictionary.value(1), std::nullopt);
  EXPECT_EQ(dictionary.value(2), "");
  EXPECT_EQ(dictionary.find("a"), std::nullopt);
  EXPECT_EQ(dictionary.find(std::nullopt), 1u);
}

TEST(LiveDictionaryTest, KeepsLongAndManyTexts) {
  LiveDictionary dictionary;
  const auto text = [](std::uint32_t i) { return std::string(i % 7 == 0 ? 30'000 : i % 50, 'x') + std::to_string(i); };
  for (std::uint32_t i = 0; i < 5000; ++i) ASSERT_EQ(dictionary.add(text(i)), i);
  for (std::uint32_t i = 0; i < 5000; ++i) {
    ASSERT_EQ(dictionary.find(text(i)), i);
    ASSERT_EQ(dictionary.value(i), text(i));
  }
}

TEST(LiveDictionaryTest, CanBeSearchedWhileItGrows) {
  LiveDictionary dictionary;
  std::atomic<std::uint32_t> published{0};
  constexpr std::uint32_t kCount = 20'000;
  std::thread reader([&] {
    while (published.load() < kCount) {
      const std::uint32_t size = published.load(std::memory_order_acquire);
      for (std::uint32_t id = 0; id < size; id += 101) {
        ASSERT_EQ(dictionary.value(id), std::to_string(id));
        ASSERT_EQ(dictionary.find(std::to_string(id)), id);
      }
    }
  });
  for (std::uint32_t id = 0; id < kCount; ++id) {
    dictionary.add(std::to_string(id));
    published.store(id + 1, std::memory_order_release);
  }
  reader.join();
}

}  // namespace
}  // namespace sarsen::ingest
