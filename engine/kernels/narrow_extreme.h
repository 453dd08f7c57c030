#pragma once
// The least and the greatest of numbers in narrow form (storage/narrow/narrow_form.h): codes ascend as their numbers
// do.

#include <cstddef>
#include <cstdint>

#include "storage/narrow/narrow_form.h"

namespace sarsen::engine::kernels {

/// `mask` nullptr: all rows. REQUIRES: there is a row.
std::uint32_t least_code(const storage::NarrowCodes& codes, const std::uint64_t* mask, std::size_t count) noexcept;
std::uint32_t greatest_code(const storage::NarrowCodes& codes, const std::uint64_t* mask, std::size_t count) noexcept;

}  // namespace sarsen::engine::kernels
