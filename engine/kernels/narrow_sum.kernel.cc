// The lanes of sum.kernel.cc over numbers that are made of codes register by register. Codes alone are added as
// integers, in 32 bits as long as these suffice.

#include "engine/kernels/narrow_sum.kernel.h"

#include <algorithm>
#include <bit>

#include "engine/kernels/code_lanes.kernel.h"
#include "engine/kernels/running_sums.kernel.h"
#include "storage/narrow/number_lanes.kernel.h"
#include "storage/simd/prefetch.kernel.h"

namespace sarsen::engine::kernels {
namespace {

using storage::NarrowCodes;

constexpr std::size_t kDoubles = kLanes<double>;

#if defined(__AVX512F__)
/// Of codes below 16: their numbers, from which the machine picks.
template <class Arch>
struct PickedNumbers {
  xsimd::batch<double, Arch> low, high;

  XSIMD_INLINE explicit PickedNumbers(const storage::NarrowForm& form) noexcept {
    const storage::NumberLanes<double, Arch, true> number(form.base, form.divisor);
    static constexpr std::uint8_t kCodes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    low = number(kCodes);
    high = number(kCodes + 8);
  }
  XSIMD_INLINE xsimd::batch<double, Arch> operator()(const std::uint8_t* codes) const noexcept {
    return _mm512_permutex2var_pd(low, storage::code_lanes<Arch>(codes), high);
  }
};
#endif

/// Calls visit(number), which makes registers of numbers of the codes in the way that is best for them.
template <class Arch, class Code, class Visit>
[[gnu::always_inline]] inline void visit_numbers(const storage::NarrowForm& form, Visit visit) noexcept {
#if defined(__AVX512F__)
  if constexpr (sizeof(Code) == 1)
    if (form.greatest < 16) return visit(PickedNumbers<Arch>(form));
#endif
  if (form.divisor == 1) return visit(storage::NumberLanes<double, Arch, false>(form.base, 1));
  visit(storage::NumberLanes<double, Arch, true>(form.base, form.divisor));
}

constexpr std::size_t kLineBytes = 64;

/// 64 codes.
template <class Code>
XSIMD_INLINE void prefetch_codes(const Code* codes) noexcept {
  for (std::size_t i = 0; i < 64; i += kLineBytes / sizeof(Code)) simd::prefetch(codes + i);
}

/// The sums of vectors that follow each other, kTogether at a time: of short codes, so that one's additions need not
/// wait for each other; of long ones the lines come from memory in order. What follows all of these is asked for
/// meanwhile.
template <class Arch, std::size_t kTogether, class Number, class Code>
XSIMD_INLINE void sum_together(const Number& number, const Code* codes, std::size_t rows, std::size_t ahead,
                               double* totals) noexcept {
  constexpr std::size_t kLine = kLineBytes / sizeof(Code);
  RunningSums<double, Arch> sums[kTogether];
  std::size_t row = 0;
  for (; row + kLine <= rows; row += kLine) {
    for (std::size_t i = 0; i < kTogether; ++i) simd::prefetch(codes + i * rows + row + ahead);
    for (std::size_t j = row; j < row + kLine; j += kDoubles)
      for (std::size_t i = 0; i < kTogether; ++i) sums[i].add(codes + i * rows + j, number);
  }
  for (std::size_t i = 0; i < kTogether; ++i) {
    std::size_t rest = row;
    for (; rest + kDoubles <= rows; rest += kDoubles) sums[i].add(codes + i * rows + rest, number);
    const storage::PaddedCodes<Code> padded(codes + i * rows + rest, rows - rest);
    sums[i].add(padded.codes, number, (std::uint64_t{1} << (rows - rest)) - 1);
    double lanes[kDoubles];
    sums[i].store(lanes);
    totals[i] = fold(lanes);
  }
}

template <class Arch, class Number, class Code>
XSIMD_INLINE void sum_vectors(const Number& number, const Code* codes, std::size_t vectors, std::size_t rows,
                              double* totals) noexcept {
  const std::size_t ahead = vectors * rows;
  std::size_t i = 0;
  if constexpr (sizeof(Code) == 1)
    for (; i + 2 <= vectors; i += 2) sum_together<Arch, 2>(number, codes + i * rows, rows, ahead, totals + i);
  for (; i < vectors; ++i) sum_together<Arch, 1>(number, codes + i * rows, rows, ahead, totals + i);
}

template <class Arch, class Number, class Code>
XSIMD_INLINE double sum_masked(const Number& number, const Code* codes, const std::uint64_t* mask,
                               std::size_t count) noexcept {
  RunningSums<double, Arch> sums;
  std::size_t row = 0;
  for (; row + 64 <= count; row += 64) {
    const std::uint64_t bits = mask[row / 64];
    if (bits == 0) continue;
    prefetch_codes(codes + row + count);
    for (std::size_t i = 0; i < 64; i += kDoubles) sums.add(codes + row + i, number, bits >> i);
  }
  if (row < count) {
    const LastCodes<Code> last(codes + row, count - row);
    for (std::size_t i = 0; i < 64; i += kDoubles) sums.add(last.codes + i, number, mask[row / 64] >> i);
  }
  double lanes[kDoubles];
  sums.store(lanes);
  return fold(lanes);
}

/// The rows of several masks at once: numbers are made of codes once for all of them.
template <class Arch, class Number, std::size_t kMasks>
struct MaskedSums {
  using Batch = xsimd::batch<double, Arch>;

  const Number& number;
  RunningSums<double, Arch> sums[kMasks];

  XSIMD_INLINE explicit MaskedSums(const Number& of) noexcept : number(of) {}

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

template <class Arch, std::size_t kMasks, class Number, class Code>
XSIMD_INLINE void sums_of_masks(const Number& number, const Code* codes, const std::uint64_t* masks, std::size_t stride,
                                std::size_t count, double* totals) noexcept {
  MaskedSums<Arch, Number, kMasks> sums(number);
  std::size_t row = 0;
  for (; row + 64 <= count; row += 64) {
    prefetch_codes(codes + row + count);
    sums.add(codes + row, masks + row / 64, stride);
  }
  if (row < count) {
    const LastCodes<Code> last(codes + row, count - row);
    sums.add(last.codes, masks + row / 64, stride);
  }
  sums.store(totals);
}

/// As many masks at a time as their sums fit into registers.
template <class Arch, class Number, class Code>
XSIMD_INLINE void sums_as(const Number& number, const Code* codes, const MaskList& list, std::size_t count,
                          double* totals) noexcept {
  std::size_t i = 0;
  for (; list.count - i > 1; i += list.count - i == 3 ? 3 : 2) {
    const std::uint64_t* masks = list.masks + i * list.stride;
    if (list.count - i == 3) {
      sums_of_masks<Arch, 3>(number, codes, masks, list.stride, count, totals + i);
    } else {
      sums_of_masks<Arch, 2>(number, codes, masks, list.stride, count, totals + i);
    }
  }
  if (i < list.count)
    sums_of_masks<Arch, 1>(number, codes, list.masks + i * list.stride, list.stride, count, totals + i);
}

template <class Arch, class Code>
XSIMD_INLINE std::uint64_t sum_lines(const Code* codes, std::size_t lines, std::size_t ahead) noexcept {
  using Batch = xsimd::batch<Code, Arch>;
  constexpr std::size_t kLine = kLineBytes / sizeof(Code);
  CodeTotals<Arch, Code> totals;
  for (std::size_t line = 0; line < lines; ++line, codes += kLine) {
    simd::prefetch(codes + ahead);
    for (std::size_t i = 0; i < kLine; i += Batch::size) totals.add(Batch::load_unaligned(codes + i));
  }
  return totals.take(lines * (kLine / Batch::size));
}

template <class Arch, class Code>
XSIMD_INLINE std::uint64_t sum_codes(const Code* codes, std::size_t count) noexcept {
  constexpr std::size_t kLine = kLineBytes / sizeof(Code), kLinesAtOnce = kTotalled / kLine;
  const std::size_t lines = count / kLine;
  std::uint64_t total = 0;
  for (std::size_t line = 0; line < lines; line += kLinesAtOnce)
    total += sum_lines<Arch>(codes + line * kLine, std::min(kLinesAtOnce, lines - line), count);
  for (std::size_t row = lines * kLine; row < count; ++row) total += codes[row];
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
  for (std::size_t row = 0; row < count; row += kLineBytes / sizeof(Code)) simd::prefetch(codes + count + row);
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
  double total = 0;
  storage::visit_code_type(codes->form.width, [&]<class Code>(Code) {
    visit_numbers<Arch, Code>(codes->form, [&](const auto& number) {
      const Code* first = reinterpret_cast<const Code*>(codes->codes);
      if (mask != nullptr) {
        total = sum_masked<Arch>(number, first, mask, count);
      } else {
        sum_together<Arch, 1>(number, first, count, count, &total);
      }
    });
  });
  return total;
}

template <class Arch>
std::uint64_t CodeSum::operator()(Arch, const NarrowCodes* codes, std::size_t count) const noexcept {
  return storage::visit_code_type(codes->form.width, [&]<class Code>(Code) {
    return sum_codes<Arch>(reinterpret_cast<const Code*>(codes->codes), count);
  });
}

template <class Arch>
void NarrowSumRun::operator()(Arch, const NarrowCodes* codes, std::size_t vectors, std::size_t vector_rows,
                              double* sums) const noexcept {
  storage::visit_code_type(codes->form.width, [&]<class Code>(Code) {
    visit_numbers<Arch, Code>(codes->form, [&](const auto& number) {
      sum_vectors<Arch>(number, reinterpret_cast<const Code*>(codes->codes), vectors, vector_rows, sums);
    });
  });
}

template <class Arch>
void NarrowSums::operator()(Arch, const NarrowCodes* codes, const MaskList* masks, std::size_t count,
                            double* sums) const noexcept {
  storage::visit_code_type(codes->form.width, [&]<class Code>(Code) {
    visit_numbers<Arch, Code>(codes->form, [&](const auto& number) {
      sums_as<Arch>(number, reinterpret_cast<const Code*>(codes->codes), *masks, count, sums);
    });
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
template void NarrowSumRun::operator()(KERNEL_ARCH, const NarrowCodes*, std::size_t, std::size_t,
                                       double*) const noexcept;
template void NarrowSums::operator()(KERNEL_ARCH, const NarrowCodes*, const MaskList*, std::size_t,
                                     double*) const noexcept;
template void CodeSums::operator()(KERNEL_ARCH, const NarrowCodes*, const MaskList*, std::size_t,
                                   std::uint64_t*) const noexcept;

}  // namespace sarsen::engine::kernels
