// A plain loop: sets of the machine since SSE4.1 multiply lanes of 32 bits.

#include "engine/kernels/join_keys.kernel.h"

namespace sarsen::engine::kernels {

template <class Arch>
void JoinKeys::operator()(Arch, const std::uint32_t* keys, std::uint32_t radix, const std::uint32_t* ids,
                          std::size_t count, std::uint32_t* joined) const noexcept {
  for (std::size_t i = 0; i < count; ++i) joined[i] = keys[i] * radix + ids[i];
}

template void JoinKeys::operator()(KERNEL_ARCH, const std::uint32_t*, std::uint32_t, const std::uint32_t*, std::size_t,
                                   std::uint32_t*) const noexcept;

}  // namespace sarsen::engine::kernels
