// The lanes of sum.kernel.cc over numbers that are made of codes register by register. Codes alone are added as
// integers, in 32 bits as long as these suffice.

#include "engine/kernels/narrow_sum.kernel.h"

#include <algorithm>
#include <bit>

#include "engine/kernels/running_sums.kernel.h"
#include "storage/narrow/number_lanes.kernel.h"

namespace sarsen::engine::kernels {
namespace {

using storage::NarrowCodes;

constexpr std::size_t kDoubles = kLanes<double>;

template <class Arch, bool kDivided, class Code>
XSIMD_INLINE double sum_numbers(const storage::NarrowForm& form, const Code* codes, const std::uint64_t* mask,
                                std::size_t count) noexcept {
  const storage::NumberLanes<double, Arch, kDivided> number(form.base, form.divisor);
  RunningSums<double, Arch> sums;
  std::size_t row = 0;
  if (mask == nullptr) {
    for (; row + kDoubles <= count; row += kDoubles) sums.add(codes + row, number);
  } else {
    for (; row + 64 <= count; row += 64) {
      const std::uint64_t bits = mask[row / 64];
      if (bits == 0) continue;
      for (std::size_t i = 0; i < 64; i += kDoubles) sums.add(codes + row + i, number, bits >> i);
    }
    for (; row + kDoubles <= count; row += kDoubles) sums.add(codes + row, number, mask[row / 64] >> row % 64);
  }
  if (row < count) {
    const storage::PaddedCodes<Code> padded(codes + row, count - row);
    const std::uint64_t rest = (std::uint64_t{1} << (count - row)) - 1;
    sums.add(padded.codes, number, mask == nullptr ? rest : mask[row / 64] >> row % 64 & rest);
  }
  double lanes[kDoubles];
  sums.store(lanes);
  return fold(lanes);
}

template <class Arch, class Code>
XSIMD_INLINE double sum_as(const NarrowCodes& codes, const std::uint64_t* mask, std::size_t count) noexcept {
  const Code* first = reinterpret_cast<const Code*>(codes.codes);
  if (codes.form.divisor == 1) return sum_numbers<Arch, false>(codes.form, first, mask, count);
  return sum_numbers<Arch, true>(codes.form, first, mask, count);
}

template <class Code>
XSIMD_INLINE std::uint64_t sum_codes(const std::byte* bytes, std::size_t count) noexcept {
  const Code* codes = reinterpret_cast<const Code*>(bytes);
  std::uint64_t total = 0;
  if constexpr (sizeof(Code) == 4) {
    for (std::size_t i = 0; i < count; ++i) total += codes[i];
    return total;
  }
  constexpr std::size_t kAtOnce = 1 << 16;
  for (std::size_t begin = 0; begin < count; begin += kAtOnce) {
    const std::size_t end = std::min(begin + kAtOnce, count);
    std::uint32_t part = 0;
    for (std::size_t i = begin; i < end; ++i) part += codes[i];
    total += part;
  }
  return total;
}

}  // namespace

template <class Arch>
double NarrowSum::operator()(Arch, const NarrowCodes* codes, const std::uint64_t* mask,
                             std::size_t count) const noexcept {
  return storage::visit_code_type(codes->form.width,
                                  [&]<class Code>(Code) { return sum_as<Arch, Code>(*codes, mask, count); });
}

template <class Arch>
std::uint64_t CodeSum::operator()(Arch, const NarrowCodes* codes, std::size_t count) const noexcept {
  return storage::visit_code_type(codes->form.width,
                                  [&]<class Code>(Code) { return sum_codes<Code>(codes->codes, count); });
}

template double NarrowSum::operator()(KERNEL_ARCH, const NarrowCodes*, const std::uint64_t*,
                                      std::size_t) const noexcept;
template std::uint64_t CodeSum::operator()(KERNEL_ARCH, const NarrowCodes*, std::size_t) const noexcept;

}  // namespace sarsen::engine::kernels
