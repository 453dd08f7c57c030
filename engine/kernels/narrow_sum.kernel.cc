// The lanes of sum.kernel.cc over numbers that are made of codes register by register. Codes alone are added as
// integers, in 32 bits as long as these suffice.

#include "engine/kernels/narrow_sum.kernel.h"

#include <algorithm>
#include <bit>

#include "engine/kernels/code_lanes.kernel.h"
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

/// The rows of several masks at once: numbers are made of codes once for all of them.
template <class Arch, bool kDivided, std::size_t kMasks>
struct MaskedSums {
  using Batch = xsimd::batch<double, Arch>;

  storage::NumberLanes<double, Arch, kDivided> number;
  RunningSums<double, Arch> sums[kMasks];

  XSIMD_INLINE explicit MaskedSums(const storage::NarrowForm& form) noexcept : number(form.base, form.divisor) {}

  /// 64 codes.
  template <class Code>
  XSIMD_INLINE void add(const Code* codes, const std::uint64_t* words, std::size_t stride) noexcept {
    std::uint64_t bits[kMasks];
    for (std::size_t i = 0; i < kMasks; ++i) bits[i] = words[i * stride];
    for (std::size_t row = 0; row < 64; row += kDoubles)
      for (std::size_t batch = 0; batch < kDoubles / Batch::size; ++batch) {
        const std::size_t first = row + batch * Batch::size;
        const Batch numbers = number(codes + first);
        for (std::size_t i = 0; i < kMasks; ++i) add_where<Arch>(sums[i].sums[batch], bits[i] >> first, numbers);
      }
  }
  XSIMD_INLINE void store(double* totals) const noexcept {
    for (std::size_t i = 0; i < kMasks; ++i) {
      double lanes[kDoubles];
      sums[i].store(lanes);
      totals[i] = fold(lanes);
    }
  }
};

template <class Arch, bool kDivided, std::size_t kMasks, class Code>
XSIMD_INLINE void sums_of_masks(const storage::NarrowForm& form, const Code* codes, const std::uint64_t* masks,
                                std::size_t stride, std::size_t count, double* totals) noexcept {
  MaskedSums<Arch, kDivided, kMasks> sums(form);
  std::size_t row = 0;
  for (; row + 64 <= count; row += 64) sums.add(codes + row, masks + row / 64, stride);
  if (row < count) {
    const LastCodes<Code> last(codes + row, count - row);
    sums.add(last.codes, masks + row / 64, stride);
  }
  sums.store(totals);
}

/// As many masks at a time as their sums fit into registers.
template <class Arch, bool kDivided, class Code>
XSIMD_INLINE void sums_as(const NarrowCodes& codes, const MaskList& list, std::size_t count, double* totals) noexcept {
  const Code* first = reinterpret_cast<const Code*>(codes.codes);
  std::size_t i = 0;
  for (; list.count - i > 1; i += list.count - i == 3 ? 3 : 2) {
    const std::uint64_t* masks = list.masks + i * list.stride;
    if (list.count - i == 3) {
      sums_of_masks<Arch, kDivided, 3>(codes.form, first, masks, list.stride, count, totals + i);
    } else {
      sums_of_masks<Arch, kDivided, 2>(codes.form, first, masks, list.stride, count, totals + i);
    }
  }
  if (i < list.count)
    sums_of_masks<Arch, kDivided, 1>(codes.form, first, list.masks + i * list.stride, list.stride, count, totals + i);
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

/// Of 64 codes for each word. REQUIRES: at most kTotalled codes.
template <class Arch, class Code>
XSIMD_INLINE std::uint64_t sum_words(const Code* codes, const std::uint64_t* mask, std::size_t words) noexcept {
  using Batch = xsimd::batch<Code, Arch>;
  constexpr std::size_t kBatches = 64 / Batch::size;
  CodeTotals<Arch, Code> totals[2];
  for (std::size_t word = 0; word < words; ++word, codes += 64)
    for (std::size_t i = 0; i < kBatches; ++i)
      totals[(kBatches == 1 ? word : i) % 2].add(
          masked_codes<Arch, Code>(codes + i * Batch::size, mask[word] >> i * Batch::size));
  const std::size_t registers = words * kBatches;
  const std::size_t second = kBatches == 1 ? words / 2 : registers / 2;
  return totals[0].take(registers - second) + totals[1].take(second);
}

template <class Arch, class Code>
XSIMD_INLINE void sums_masked(const Code* codes, const MaskList& list, std::size_t count,
                              std::uint64_t* sums) noexcept {
  const std::size_t full_words = count / 64;
  const LastCodes<Code> last(codes + full_words * 64, count % 64);
  for (std::size_t i = 0; i < list.count; ++i) {
    const std::uint64_t* mask = list.masks + i * list.stride;
    sums[i] = count % 64 == 0 ? 0 : sum_words<Arch>(last.codes, mask + full_words, 1);
    for (std::size_t word = 0; word < full_words; word += kTotalled / 64)
      sums[i] += sum_words<Arch>(codes + word * 64, mask + word, std::min(kTotalled / 64, full_words - word));
  }
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

template <class Arch>
void NarrowSums::operator()(Arch, const NarrowCodes* codes, const MaskList* masks, std::size_t count,
                            double* sums) const noexcept {
  storage::visit_code_type(codes->form.width, [&]<class Code>(Code) {
    if (codes->form.divisor == 1) return sums_as<Arch, false, Code>(*codes, *masks, count, sums);
    sums_as<Arch, true, Code>(*codes, *masks, count, sums);
  });
}

template <class Arch>
void CodeSums::operator()(Arch, const NarrowCodes* codes, const MaskList* masks, std::size_t count,
                          std::uint64_t* sums) const noexcept {
  storage::visit_code_type(codes->form.width, [&]<class Code>(Code) {
    sums_masked<Arch>(reinterpret_cast<const Code*>(codes->codes), *masks, count, sums);
  });
}

template double NarrowSum::operator()(KERNEL_ARCH, const NarrowCodes*, const std::uint64_t*,
                                      std::size_t) const noexcept;
template std::uint64_t CodeSum::operator()(KERNEL_ARCH, const NarrowCodes*, std::size_t) const noexcept;
template void NarrowSums::operator()(KERNEL_ARCH, const NarrowCodes*, const MaskList*, std::size_t,
                                     double*) const noexcept;
template void CodeSums::operator()(KERNEL_ARCH, const NarrowCodes*, const MaskList*, std::size_t,
                                   std::uint64_t*) const noexcept;

}  // namespace sarsen::engine::kernels
