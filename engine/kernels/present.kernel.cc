// A plain loop: every set of the machine that can shift lanes by different numbers does so.

#include "engine/kernels/present.kernel.h"

namespace sarsen::engine::kernels {

template <class Arch>
std::uint32_t IdsPresent::operator()(Arch, const std::uint32_t* ids, std::size_t count) const noexcept {
  std::uint32_t present = 0;
  for (std::size_t i = 0; i < count; ++i) present |= std::uint32_t{1} << (ids[i] & 31);
  return present;
}

template std::uint32_t IdsPresent::operator()(KERNEL_ARCH, const std::uint32_t*, std::size_t) const noexcept;

}  // namespace sarsen::engine::kernels
