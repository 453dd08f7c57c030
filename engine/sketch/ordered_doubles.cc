#include "engine/sketch/ordered_doubles.h"

#include <algorithm>
#include <bit>
#include <boost/sort/pdqsort/pdqsort.hpp>
#include <cstdint>

#include "engine/kernels/sort_doubles.h"

namespace sarsen::engine::sketch {
namespace {

/// From here on what takes n log n steps wins over registers.
constexpr std::size_t kSortedTogetherMax = 16384;

bool suits_kernels(std::size_t count) noexcept {
  return std::has_single_bit(count) && count >= kernels::kSortedTogetherMin && count <= kSortedTogetherMax;
}

/// As whole numbers, which are partitioned without a branch.
void sort_one_by_one(std::vector<double>& values) {
  std::vector<std::int64_t> keys(values.size());
  const auto key_of = [](std::int64_t bits) { return bits ^ (bits >> 63 & INT64_MAX); };  // and back
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = key_of(std::bit_cast<std::int64_t>(values[i]));
  boost::sort::pdqsort_branchless(keys.begin(), keys.end());
  for (std::size_t i = 0; i < keys.size(); ++i) values[i] = std::bit_cast<double>(key_of(keys[i]));
}

}  // namespace

void sort_doubles(std::vector<double>& values) {
  if (!suits_kernels(values.size()) || !kernels::sort_doubles(values.data(), values.size())) sort_one_by_one(values);
}

void merge_sorted_halves(std::vector<double>& values) {
  if (suits_kernels(values.size()) && kernels::merge_sorted_halves(values.data(), values.size())) return;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  const std::vector<double> first(values.begin(), middle);
  std::merge(first.begin(), first.end(), middle, values.end(), values.begin(), is_before);
}

}  // namespace sarsen::engine::sketch
