#include "engine/kernels/join_keys.h"

#include "engine/kernels/join_keys.kernel.h"
#include "tests/engine/kernels/kernel_test.h"

namespace sarsen::engine::kernels {
namespace {

TEST(JoinKeys, AreThoseOfALoop) {
  std::mt19937_64 random(1);
  for (const std::size_t size : kSizes) {
    GuardedArray<std::uint32_t> keys(size), ids(size), joined(size);
    std::vector<std::uint32_t> expected(size);
    for (std::size_t i = 0; i < size; ++i) {
      keys[i] = static_cast<std::uint32_t>(random() % 70'000);
      ids[i] = static_cast<std::uint32_t>(random() % 61'001);
      expected[i] = keys[i] * 61'001U + ids[i];
    }
    on_every_arch([&](auto arch) {
      JoinKeys{}(arch, keys.data(), 61'001, ids.data(), size, joined.data());
      EXPECT_EQ(joined.copy(), expected);
    });
    join_keys(keys.data(), 61'001, ids.data(), size, keys.data());
    EXPECT_EQ(keys.copy(), expected);
  }
}

}  // namespace
}  // namespace sarsen::engine::kernels
