#include "engine/kernels/narrow_sum.h"

#include <algorithm>

#include "engine/kernels/narrow_sum.kernel.h"
#include "engine/kernels/run_best.kernel.h"

namespace sarsen::engine::kernels {
namespace {

/// Sums of integers up to this are exact as doubles, in whatever order they are added.
constexpr std::uint64_t kExact = std::uint64_t{1} << 53;

/// Whether no sum of some of these numbers leaves the integers that doubles hold.
bool sums_exactly(const storage::NarrowForm& form, std::size_t count) noexcept {
  if (form.divisor != 1 || count > (std::size_t{1} << 20)) return false;
  const auto base = static_cast<std::uint64_t>(form.base < 0 ? -form.base : form.base);
  return (base + (std::uint64_t{1} << form.width * 8)) <= kExact / std::max<std::size_t>(count, 1);
}

/// count * base + the sum of the codes.
std::uint64_t whole_sum(const storage::NarrowCodes& codes, std::size_t count) noexcept {
  return static_cast<std::uint64_t>(codes.form.base) * count + run_best<CodeSum>(&codes, count);
}

}  // namespace

template <>
double narrow_sum<double>(const storage::NarrowCodes& codes, const std::uint64_t* mask, std::size_t count) noexcept {
  if (mask == nullptr && sums_exactly(codes.form, count))
    return static_cast<double>(static_cast<std::int64_t>(whole_sum(codes, count)));
  return run_best<NarrowSum>(&codes, mask, count);
}

template <>
std::uint64_t narrow_sum<std::int64_t>(const storage::NarrowCodes& codes, const std::uint64_t* mask,
                                       std::size_t count) noexcept {
  if (mask == nullptr) return whole_sum(codes, count);
  if (sums_exactly(codes.form, count))
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(run_best<NarrowSum>(&codes, mask, count)));
  std::uint64_t total = 0;  // of great bases, one by one
  for (std::size_t row = 0; row < count; ++row) {
    if ((mask[row / 64] >> row % 64 & 1) == 0) continue;
    const storage::NarrowCodes one{codes.codes + row * codes.form.width, codes.form};
    total += whole_sum(one, 1);
  }
  return total;
}

}  // namespace sarsen::engine::kernels
