#include "engine/kernels/present.h"

#include "engine/kernels/present.kernel.h"
#include "tests/engine/kernels/kernel_test.h"

namespace sarsen::engine::kernels {
namespace {

TEST(IdsPresent, SaysWhichIdsThereAre) {
  std::mt19937_64 random(1);
  for (const std::size_t size : kSizes) {
    for (const std::uint32_t ids_max : {1U, 3U, 32U}) {
      GuardedArray<std::uint32_t> ids(size);
      std::uint32_t expected = 0;
      for (std::size_t i = 0; i < size; ++i) {
        ids[i] = static_cast<std::uint32_t>(random() % ids_max);
        expected |= 1U << ids[i];
      }
      on_every_arch([&](auto arch) { EXPECT_EQ(IdsPresent{}(arch, ids.data(), size), expected) << size; });
      EXPECT_EQ(ids_present(ids.data(), size), expected);
    }
  }
}

}  // namespace
}  // namespace sarsen::engine::kernels
