#pragma once
// Which of few ids a vector has.

#include <cstddef>
#include <cstdint>

namespace sarsen::engine::kernels {

/// Bit i is set where `ids` has i. REQUIRES: all are below 32.
std::uint32_t ids_present(const std::uint32_t* ids, std::size_t count) noexcept;

}  // namespace sarsen::engine::kernels
