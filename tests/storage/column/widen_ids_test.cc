#include "storage/column/widen_ids.h"

#include "storage/column/widen_ids.kernel.h"
#include "tests/engine/kernels/kernel_test.h"
#include "tests/engine/kernels/scalar_twins.h"

namespace sarsen::storage {
namespace {

namespace twin = engine::kernels::twin;
using engine::kernels::GuardedArray;
using engine::kernels::kSizes;
using engine::kernels::on_every_arch;

TEST(WidenIdsTest, WidensEveryWidthAndReadsNothingPastTheLastId) {
  std::mt19937_64 random(1);
  for (std::uint32_t width = 1; width <= 4; ++width) {
    for (const std::size_t size : kSizes) {
      const GuardedArray<std::byte> packed(size * width);
      for (std::size_t i = 0; i < packed.size(); ++i) packed[i] = static_cast<std::byte>(random());
      const auto expected = twin::widen_ids(packed.data(), width, size);
      const GuardedArray<std::uint32_t> ids(size);
      on_every_arch([&](auto arch) {
        std::fill_n(ids.data(), size, 0U);
        WidenIds{}(arch, packed.data(), width, size, ids.data());
        EXPECT_EQ(ids.copy(), expected) << size << " ids of " << width << " bytes";
      });
      widen_ids(packed.data(), width, size, ids.data());
      EXPECT_EQ(ids.copy(), expected);
    }
  }
}

TEST(WidenIdsTest, WidensEveryCountUpToTwoRegistersAndMore) {
  std::mt19937_64 random(2);
  for (std::uint32_t width = 1; width <= 4; ++width) {
    for (std::size_t size = 0; size < 100; ++size) {
      const GuardedArray<std::byte> packed(size * width);
      for (std::size_t i = 0; i < packed.size(); ++i) packed[i] = static_cast<std::byte>(random());
      const GuardedArray<std::uint32_t> ids(size);
      on_every_arch([&](auto arch) {
        WidenIds{}(arch, packed.data(), width, size, ids.data());
        EXPECT_EQ(ids.copy(), twin::widen_ids(packed.data(), width, size));
      });
    }
  }
}

TEST(WidenIdsTest, TurnsIdsThatBeginWithTheHighByte) {
  std::mt19937_64 random(4);
  for (std::uint32_t width = 1; width <= 4; ++width) {
    for (std::size_t size = 0; size < 100; ++size) {
      const GuardedArray<std::byte> packed(size * width), turned(size * width);
      for (std::size_t i = 0; i < packed.size(); ++i) packed[i] = static_cast<std::byte>(random());
      for (std::size_t i = 0; i < packed.size(); ++i) turned[i] = packed[i / width * width + width - 1 - i % width];
      const auto expected = twin::widen_ids(turned.data(), width, size);
      const GuardedArray<std::uint32_t> ids(size);
      on_every_arch([&](auto arch) {
        WidenIds{}(arch, packed.data(), width, size, ids.data());
        TurnIds{}(arch, ids.data(), width, size);
        EXPECT_EQ(ids.copy(), expected) << size << " ids of " << width << " bytes";
      });
      widen_big_endian_ids(packed.data(), width, size, ids.data());
      EXPECT_EQ(ids.copy(), expected);
    }
  }
}

TEST(GreatestIdTest, IsFoundWhereverItIs) {
  std::mt19937_64 random(3);
  for (const std::size_t size : kSizes) {
    GuardedArray<std::uint32_t> ids(size);
    std::uint32_t expected = 0;
    for (std::size_t i = 0; i < size; ++i) expected = std::max(expected, ids[i] = static_cast<std::uint32_t>(random()));
    on_every_arch([&](auto arch) { EXPECT_EQ(GreatestId{}(arch, ids.data(), size), expected) << size; });
    EXPECT_EQ(greatest_id(ids.data(), size), expected);
  }
}

}  // namespace
}  // namespace sarsen::storage
