#include "bench/micro/kernel_bench.h"
#include "engine/kernels/kernels.h"

namespace sarsen::bench {
namespace {

namespace kernels = engine::kernels;

constexpr std::size_t kGroups = 6;

/// Decimals with two digits behind the point, or whole numbers.
template <class Code>
storage::NarrowCodes codes_of(const Code* codes, double divisor) {
  return {reinterpret_cast<const std::byte*>(codes), {sizeof(Code), 1, divisor}};
}

/// The rows of each of a few groups, that follow each other.
std::vector<std::uint64_t> group_masks() {
  std::vector<std::uint64_t> masks(kGroups * engine::kVectorWords);
  for (std::size_t row = 0; row < engine::kVectorRows; ++row)
    masks[row * 7919 % kGroups * engine::kVectorWords + row / 64] |= std::uint64_t{1} << row % 64;
  return masks;
}

/// The sums of six groups; rows are those of a vector.
template <class Number>
auto sum_groups(double divisor) {
  return [divisor, masks = group_masks(), counts = std::vector<std::uint32_t>(kGroups)](const auto* codes,
                                                                                        std::size_t rows) {
    if (rows != engine::kVectorRows) return;
    kernels::NarrowTotal<Number> sums[kGroups];
    kernels::narrow_sums<Number>(codes_of(codes, divisor), {masks.data(), engine::kVectorWords, kGroups}, counts.data(),
                                 rows, sums);
    benchmark::DoNotOptimize(sums);
  };
}

template <class Code>
bool add_all() {
  add_kernel_benchmark<Code>("narrow_sum/decimal", [](const Code* codes, std::size_t rows) {
    benchmark::DoNotOptimize(kernels::narrow_sum<double>(codes_of(codes, 100), nullptr, rows));
  });
  add_kernel_benchmark<Code>("narrow_sum/whole", [](const Code* codes, std::size_t rows) {
    benchmark::DoNotOptimize(kernels::narrow_sum<double>(codes_of(codes, 1), nullptr, rows));
  });
  add_kernel_benchmark<Code>("narrow_sums_6/decimal", sum_groups<double>(100));
  add_kernel_benchmark<Code>("narrow_sums_6/whole", sum_groups<std::int64_t>(1));
  return add_kernel_benchmark<Code>("greatest_code", [](const Code* codes, std::size_t rows) {
    benchmark::DoNotOptimize(kernels::greatest_code(codes_of(codes, 100), nullptr, rows));
  });
}

const bool added = add_all<std::uint8_t>() && add_all<std::uint16_t>() && add_all<std::uint32_t>();

}  // namespace
}  // namespace sarsen::bench
