#include "storage/base/large_vector.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace sarsen {
namespace {

TEST(LargeVector, GrowsThroughHugePages) {
  LargeVector<std::uint64_t> numbers;
  EXPECT_TRUE(numbers.empty());
  constexpr std::uint64_t kCount = 1'000'000;
  for (std::uint64_t i = 0; i < kCount; ++i) numbers.push_back(i * 3);
  ASSERT_EQ(numbers.size(), kCount);
  for (std::uint64_t i = 0; i < kCount; ++i) ASSERT_EQ(numbers[i], i * 3);
  EXPECT_GE(numbers.bytes(), kCount * 8);
}

TEST(LargeVector, FillsWhatIsNew) {
  LargeVector<std::uint32_t> numbers(3, 7);
  numbers[1] = 1;
  numbers.resize(600'000, 9);
  EXPECT_EQ(numbers[0], 7U);
  EXPECT_EQ(numbers[1], 1U);
  EXPECT_EQ(numbers[3], 9U);
  EXPECT_EQ(numbers[599'999], 9U);
  LargeVector<std::uint32_t> taken = std::move(numbers);
  EXPECT_EQ(taken.size(), 600'000U);
  numbers = LargeVector<std::uint32_t>(1, 2);
  EXPECT_EQ(numbers[0], 2U);
}

TEST(LargeVector, HasRoomForThoseWhoFillIt) {
  LargeVector<std::uint32_t> numbers(2, 7);
  std::uint32_t* const more = numbers.extend(700'000);
  for (std::uint32_t i = 0; i < 700'000; ++i) more[i] = i;
  ASSERT_EQ(numbers.size(), 700'002U);
  EXPECT_EQ(numbers[1], 7U);
  EXPECT_EQ(numbers[700'001], 699'999U);
  numbers.truncate(3);
  *numbers.extend(1) = 5;
  ASSERT_EQ(numbers.size(), 4U);
  EXPECT_EQ(numbers[2], 0U);
  EXPECT_EQ(numbers[3], 5U);
}

}  // namespace
}  // namespace sarsen
