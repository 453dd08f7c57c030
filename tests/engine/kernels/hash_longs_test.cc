#include "engine/kernels/hash_longs.h"

#include "engine/kernels/hash_longs.kernel.h"
#include "engine/sketch/murmur3.h"
#include "tests/engine/kernels/kernel_test.h"

namespace sarsen::engine::kernels {
namespace {

TEST(HashLongs, AreThoseOfEachAlone) {
  std::mt19937_64 random(1);
  for (const std::size_t size : kSizes) {
    for (const std::uint64_t seed : {sketch::kGuavaSeed, sketch::kDataSketchesSeed, std::uint64_t{1} << 63}) {
      GuardedArray<std::int64_t> values(size);
      std::vector<std::uint64_t> expected_low;
      std::vector<std::uint32_t> expected_zeros;
      for (std::size_t i = 0; i < size; ++i) {
        values[i] = i % 5 == 0 ? static_cast<std::int64_t>(i) - 5 : static_cast<std::int64_t>(random());
        const sketch::Hash128 hash = sketch::murmur3(values[i], seed);
        expected_low.push_back(hash.low);
        expected_zeros.push_back(static_cast<std::uint32_t>(std::countl_zero(hash.high)));
      }
      GuardedArray<std::uint64_t> low(size);
      GuardedArray<std::uint32_t> zeros(size);
      const auto expect = [&] {
        EXPECT_EQ(low.copy(), expected_low) << size;
        EXPECT_EQ(zeros.copy(), expected_zeros) << size;
      };
      on_every_arch([&](auto arch) {
        std::fill_n(low.data(), size, 77U);
        std::fill_n(zeros.data(), size, 77U);
        HashLongs{}(arch, values.data(), size, seed, low.data(), zeros.data());
        expect();
      });
      hash_longs(values.data(), size, seed, low.data(), zeros.data());
      expect();
    }
  }
}

}  // namespace
}  // namespace sarsen::engine::kernels
