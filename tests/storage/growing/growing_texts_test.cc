#include "storage/growing/growing_texts.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sarsen::storage {
namespace {

TEST(GrowingTextsTest, GivesIdsInOrderOfArrival) {
  GrowingTexts texts;
  EXPECT_EQ(texts.add("b"), 0u);
  EXPECT_EQ(texts.add(std::nullopt), 1u);
  EXPECT_EQ(texts.add(""), 2u);
  EXPECT_EQ(texts.add("b"), 0u);
  EXPECT_EQ(texts.size(), 3u);
  EXPECT_EQ(texts.value(1), std::nullopt);
  EXPECT_EQ(texts.value(2), "");
  EXPECT_EQ(texts.find("a"), std::nullopt);
  EXPECT_EQ(texts.find(std::nullopt), 1u);
}

TEST(GrowingTextsTest, KeepsLongAndManyTexts) {
  GrowingTexts texts;
  const auto text = [](std::uint32_t i) { return std::string(i % 7 == 0 ? 30'000 : i % 50, 'x') + std::to_string(i); };
  for (std::uint32_t i = 0; i < 5000; ++i) ASSERT_EQ(texts.add(text(i)), i);
  for (std::uint32_t i = 0; i < 5000; ++i) {
    ASSERT_EQ(texts.find(text(i)), i);
    ASSERT_EQ(texts.value(i), text(i));
  }
}

TEST(GrowingTextsTest, AddsManyAsOneByOne) {
  GrowingTexts texts;
  GrowingTexts one_by_one;
  std::vector<std::string> held;
  for (std::uint32_t i = 0; i < 1000; ++i) held.push_back(std::string(i % 40, 'y') + std::to_string(i % 700));
  std::vector<KeptText> values = {KeptText::null()};
  for (const std::string& text : held) values.push_back(KeptText::of(std::string_view(text)));
  std::vector<std::uint32_t> ids(values.size());
  texts.add(values, ids.data());
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(ids[i], one_by_one.add(values[i].view())) << i;
  EXPECT_EQ(texts.size(), one_by_one.size());
}

TEST(GrowingTextsTest, CanBeSearchedWhileItGrows) {
  GrowingTexts texts;
  std::atomic<std::uint32_t> published{0};
  constexpr std::uint32_t kCount = 20'000;
  std::thread reader([&] {
    while (published.load() < kCount) {
      const std::uint32_t size = published.load(std::memory_order_acquire);
      for (std::uint32_t id = 0; id < size; id += 101) {
        ASSERT_EQ(texts.value(id), std::to_string(id));
        ASSERT_EQ(texts.find(std::to_string(id)), id);
      }
    }
  });
  for (std::uint32_t id = 0; id < kCount; ++id) {
    texts.add(std::to_string(id));
    published.store(id + 1, std::memory_order_release);
  }
  reader.join();
}

}  // namespace
}  // namespace sarsen::storage
