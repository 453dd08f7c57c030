#pragma once
// Sums of numbers in narrow form (storage/narrow/narrow_form.h), without the numbers being written anywhere: to the
// last bit what sum and sum_masked (sum.h) give for them. `mask` nullptr: all rows.

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "storage/narrow/narrow_form.h"

namespace sarsen::engine::kernels {

/// T is double or std::int64_t; longs wrap.
template <class T>
std::conditional_t<std::is_same_v<T, double>, double, std::uint64_t> narrow_sum(const storage::NarrowCodes& codes,
                                                                                const std::uint64_t* mask,
                                                                                std::size_t count) noexcept;

template <>
double narrow_sum<double>(const storage::NarrowCodes& codes, const std::uint64_t* mask, std::size_t count) noexcept;
template <>
std::uint64_t narrow_sum<std::int64_t>(const storage::NarrowCodes& codes, const std::uint64_t* mask,
                                       std::size_t count) noexcept;

}  // namespace sarsen::engine::kernels
