#pragma once
// Codes of a narrow form back to numbers: a kernel, with the rules of engine/kernels/README.md.

#include <cstddef>
#include <cstdint>

#include "storage/narrow/narrow_form.h"

namespace sarsen::storage {

void unnarrow(const NarrowCodes& codes, std::size_t count, double* values) noexcept;
/// REQUIRES: divisor 1.
void unnarrow(const NarrowCodes& codes, std::size_t count, std::int64_t* values) noexcept;

}  // namespace sarsen::storage
