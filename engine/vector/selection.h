#pragma once
// Which rows of a vector are still alive. A selection is all rows, or a bit mask, or a list of ascending positions;
// whoever needs the list converts. Positions may repeat where one row stands for several groups (multi-valued
// dimensions).

#include <cstdint>

namespace sarsen::engine {

/// Rows in a vector: a power of two, and a divisor of every block size that Druid writes, so that a vector rarely
/// straddles blocks.
inline constexpr std::uint32_t kVectorRows = 2048;
inline constexpr std::uint32_t kVectorWords = kVectorRows / 64;

/// Whole vectors that may be folded at once (Aggregator::fold_run); a run of them begins at a multiple of its rows.
inline constexpr std::uint32_t kRunVectors = 4;

struct Selection {
  std::uint32_t size = 0;                    // rows of the vector
  std::uint32_t count = 0;                   // alive; with positions, their number
  const std::uint64_t* mask = nullptr;       // (size + 63) / 64 words; bits past size are 0
  const std::uint32_t* positions = nullptr;  // count of them; wins over mask

  bool all() const noexcept { return mask == nullptr && positions == nullptr; }
};

}  // namespace sarsen::engine
