#include "storage/base/large_array.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace sarsen {
namespace {

TEST(LargeArray, HoldsWhatItHasRoomFor) {
  for (const std::size_t count : {std::size_t{1}, std::size_t{1000}, kHugePageBytes / 4, kHugePageBytes}) {
    const LargeArray<std::uint32_t> array = make_large_array<std::uint32_t>(count);
    std::fill_n(array.get(), count, 7);
    EXPECT_EQ(std::count(array.get(), array.get() + count, 7), static_cast<std::ptrdiff_t>(count));
  }
}

TEST(LargeArray, BeginsAtAHugePageWhereItFillsOne) {
  const LargeArray<char> array = make_large_array<char>(kHugePageBytes);
  EXPECT_EQ(std::bit_cast<std::uintptr_t>(array.get()) % kHugePageBytes, 0u);
}

TEST(LargeArray, CanBeEmpty) {
  LargeArray<char> array;
  EXPECT_FALSE(array);
  array = make_large_array<char>(kHugePageBytes);
  array = nullptr;
  EXPECT_FALSE(array);
}

TEST(LargeArray, AsksForHugePagesOfAnyMemory) {
  const auto bytes = std::make_unique<char[]>(kHugePageBytes * 2);
  ask_for_huge_pages(bytes.get() + 1, kHugePageBytes);
  ask_for_huge_pages(bytes.get(), 1);
  EXPECT_EQ(std::count(bytes.get(), bytes.get() + kHugePageBytes * 2, 0), std::ptrdiff_t{kHugePageBytes * 2});
}

}  // namespace
}  // namespace sarsen
