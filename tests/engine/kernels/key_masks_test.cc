#include "engine/kernels/key_masks.h"

#include "engine/kernels/key_masks.kernel.h"
#include "tests/engine/kernels/kernel_test.h"

namespace sarsen::engine::kernels {
namespace {

TEST(KeyMasks, HaveTheSelectedRowsOfEachKey) {
  std::mt19937_64 random(1);
  for (const std::size_t size : kSizes)
    for (const std::uint32_t keys_max : {1U, 6U, 32U}) {
      GuardedArray<std::uint32_t> keys(size);
      for (std::size_t i = 0; i < size; ++i) keys[i] = static_cast<std::uint32_t>(random() % keys_max);
      const GuardedArray selected(random_mask(size, 60, random));
      const std::size_t words = (size + 63) / 64, stride = words + 1;
      for (const std::uint32_t wanted : {0U, 1U, 0xffffffffU, 0x80000029U}) {
        for (const std::uint64_t* rows :
             {static_cast<const std::uint64_t*>(nullptr), static_cast<const std::uint64_t*>(selected.data())}) {
          std::vector<std::uint64_t> masks;
          std::vector<std::uint32_t> counts;
          for (std::uint32_t key = 0; key < 32; ++key) {
            if ((wanted >> key & 1) == 0) continue;
            masks.resize(masks.size() + stride);
            counts.push_back(0);
            for (std::size_t i = 0; i < size; ++i) {
              if (keys[i] != key || (rows != nullptr && !is_set(rows, i))) continue;
              masks[masks.size() - stride + i / 64] |= std::uint64_t{1} << i % 64;
              ++counts.back();
            }
          }
          on_every_arch([&](auto arch) {
            std::vector<std::uint64_t> found(masks.size());
            std::vector<std::uint32_t> found_counts(counts.size());
            KeyMasks{}(arch, keys.data(), size, wanted, rows, found.data(), stride, found_counts.data());
            EXPECT_EQ(found, masks) << size << " " << wanted;
            EXPECT_EQ(found_counts, counts);
          });
        }
      }
    }
}

}  // namespace
}  // namespace sarsen::engine::kernels
