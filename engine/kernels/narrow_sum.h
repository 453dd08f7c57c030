#pragma once
// Sums of numbers in narrow form (storage/narrow/narrow_form.h), without the numbers being written anywhere: to the
// last bit what sum and sum_masked (sum.h) give for them. `mask` nullptr: all rows.

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "engine/kernels/mask_list.h"
#include "storage/narrow/narrow_form.h"

namespace sarsen::engine::kernels {

/// Whether no sum of so many of these numbers leaves the integers that doubles hold: then their order means nothing.
bool sums_exactly(const storage::NarrowForm& form, std::size_t count) noexcept;

template <class T>
using NarrowTotal = std::conditional_t<std::is_same_v<T, double>, double, std::uint64_t>;

/// T is double or std::int64_t; longs wrap.
template <class T>
NarrowTotal<T> narrow_sum(const storage::NarrowCodes& codes, const std::uint64_t* mask, std::size_t count) noexcept;

template <>
double narrow_sum<double>(const storage::NarrowCodes& codes, const std::uint64_t* mask, std::size_t count) noexcept;
template <>
std::uint64_t narrow_sum<std::int64_t>(const storage::NarrowCodes& codes, const std::uint64_t* mask,
                                       std::size_t count) noexcept;

/// The same of all rows of each of several vectors that follow each other.
template <class T>
void narrow_sum_run(const storage::NarrowCodes& codes, std::size_t vectors, std::size_t vector_rows,
                    NarrowTotal<T>* sums) noexcept;

template <>
void narrow_sum_run<double>(const storage::NarrowCodes& codes, std::size_t vectors, std::size_t vector_rows,
                            double* sums) noexcept;
template <>
void narrow_sum_run<std::int64_t>(const storage::NarrowCodes& codes, std::size_t vectors, std::size_t vector_rows,
                                  std::uint64_t* sums) noexcept;

/// The same for each of several masks, of so many rows each.
template <class T>
void narrow_sums(const storage::NarrowCodes& codes, const MaskList& masks, const std::uint32_t* rows, std::size_t count,
                 NarrowTotal<T>* sums) noexcept;

template <>
void narrow_sums<double>(const storage::NarrowCodes& codes, const MaskList& masks, const std::uint32_t* rows,
                         std::size_t count, double* sums) noexcept;
template <>
void narrow_sums<std::int64_t>(const storage::NarrowCodes& codes, const MaskList& masks, const std::uint32_t* rows,
                               std::size_t count, std::uint64_t* sums) noexcept;

}  // namespace sarsen::engine::kernels
