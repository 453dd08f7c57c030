#pragma once
// The functor behind unnarrow.h, architecture still open.

#include <cstddef>
#include <cstdint>

#include "storage/narrow/narrow_form.h"
#include "storage/simd/arch.h"

namespace sarsen::storage {

struct Unnarrow {
  template <class Arch, class Value>
  void operator()(Arch, const NarrowCodes* codes, std::size_t count, Value* values) const noexcept;
};

}  // namespace sarsen::storage
