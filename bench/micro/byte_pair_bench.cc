#include "bench/micro/kernel_bench.h"
#include "engine/kernels/kernels.h"

namespace sarsen::bench {
namespace {

namespace kernels = engine::kernels;

/// Two letters in either case, or bytes that are not ASCII.
constexpr kernels::BytePair kPair{{'a', 'A'}, {'b', 'B'}, 3, true};

const bool added = add_kernel_benchmark<std::uint8_t>("byte_pairs", [](const std::uint8_t* bytes, std::size_t count) {
  std::uint64_t mask[engine::kVectorWords];
  kernels::find_byte_pairs(reinterpret_cast<const char*>(bytes), count, count, kPair, mask);
  benchmark::DoNotOptimize(mask);
});

}  // namespace
}  // namespace sarsen::bench
