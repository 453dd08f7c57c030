#include "engine/kernels/narrow_sum.h"

#include <algorithm>

#include "engine/kernels/mask.h"
#include "engine/kernels/narrow_sum.kernel.h"
#include "engine/kernels/run_best.kernel.h"

namespace sarsen::engine::kernels {
namespace {

/// Sums of integers up to this are exact as doubles, in whatever order they are added.
constexpr std::uint64_t kExact = std::uint64_t{1} << 53;

/// As integers, which wrap.
std::uint64_t whole_sum(const storage::NarrowCodes& codes, const std::uint64_t* mask, std::size_t count) noexcept {
  std::uint64_t rows = count, total = 0;
  if (mask == nullptr) {
    total = run_best<CodeSum>(&codes, count);
  } else {
    rows = mask_count(mask, (count + 63) / 64);
    const MaskList one{mask, 0, 1};
    run_best<CodeSums>(&codes, &one, count, &total);
  }
  return static_cast<std::uint64_t>(codes.form.base) * rows + total;
}

}  // namespace

bool sums_exactly(const storage::NarrowForm& form, std::size_t count) noexcept {
  if (form.divisor != 1) return false;
  const auto base = static_cast<std::uint64_t>(form.base < 0 ? -form.base : form.base);
  return (base + (std::uint64_t{1} << form.width * 8)) <= kExact / std::max<std::size_t>(count, 1);
}

template <>
double narrow_sum<double>(const storage::NarrowCodes& codes, const std::uint64_t* mask, std::size_t count) noexcept {
  if (sums_exactly(codes.form, count))
    return static_cast<double>(static_cast<std::int64_t>(whole_sum(codes, mask, count)));
  return run_best<NarrowSum>(&codes, mask, count);
}

template <>
std::uint64_t narrow_sum<std::int64_t>(const storage::NarrowCodes& codes, const std::uint64_t* mask,
                                       std::size_t count) noexcept {
  return whole_sum(codes, mask, count);
}

template <>
void narrow_sum_run<std::int64_t>(const storage::NarrowCodes& codes, std::size_t vectors, std::size_t vector_rows,
                                  std::uint64_t* sums) noexcept {
  for (std::size_t i = 0; i < vectors; ++i) {
    const storage::NarrowCodes vector{codes.codes + i * vector_rows * codes.form.width, codes.form};
    sums[i] = whole_sum(vector, nullptr, vector_rows);
  }
}

template <>
void narrow_sum_run<double>(const storage::NarrowCodes& codes, std::size_t vectors, std::size_t vector_rows,
                            double* sums) noexcept {
  if (!sums_exactly(codes.form, vector_rows)) return run_best<NarrowSumRun>(&codes, vectors, vector_rows, sums);
  for (std::size_t i = 0; i < vectors; ++i) {
    const storage::NarrowCodes vector{codes.codes + i * vector_rows * codes.form.width, codes.form};
    sums[i] = narrow_sum<double>(vector, nullptr, vector_rows);
  }
}

template <>
void narrow_sums<std::int64_t>(const storage::NarrowCodes& codes, const MaskList& masks, const std::uint32_t* rows,
                               std::size_t count, std::uint64_t* sums) noexcept {
  run_best<CodeSums>(&codes, &masks, count, sums);
  for (std::size_t i = 0; i < masks.count; ++i) sums[i] += static_cast<std::uint64_t>(codes.form.base) * rows[i];
}

template <>
void narrow_sums<double>(const storage::NarrowCodes& codes, const MaskList& masks, const std::uint32_t* rows,
                         std::size_t count, double* sums) noexcept {
  if (!sums_exactly(codes.form, count)) return run_best<NarrowSums>(&codes, &masks, count, sums);
  std::uint64_t wholes[kMasksMax];
  narrow_sums<std::int64_t>(codes, masks, rows, count, wholes);
  for (std::size_t i = 0; i < masks.count; ++i) sums[i] = static_cast<double>(static_cast<std::int64_t>(wholes[i]));
}

}  // namespace sarsen::engine::kernels
