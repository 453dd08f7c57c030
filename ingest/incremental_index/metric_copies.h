#pragma once
// Copies of metrics for readers, block of rows by block: a block is copied again only where one of its rows has changed
// since. Blocks that have not are shared by all snapshots that were read.
//
// Thread safety: none; IndexRows guards both with its states_mutex. A block that was copied does not change.

#include <cstdint>
#include <memory>
#include <vector>

namespace sarsen::ingest {

/// When each block of rows has changed last, by a count of changes.
class BlockChanges {
 public:
  static constexpr std::uint32_t kBlockRows = 4096;
  static constexpr std::uint32_t blocks_of(std::uint32_t rows) noexcept {
    return static_cast<std::uint32_t>((std::uint64_t{rows} + kBlockRows - 1) / kBlockRows);
  }

  /// These have. REQUIRES: each is less than `row_count`.
  void note(const std::uint32_t* rows, std::size_t count, std::uint32_t row_count) {
    changed_at_.resize(blocks_of(row_count));
    ++now_;
    for (std::size_t i = 0; i < count; ++i) changed_at_[rows[i] / kBlockRows] = now_;
  }
  std::uint64_t changed_at(std::uint32_t block) const noexcept { return changed_at_[block]; }

 private:
  std::uint64_t now_ = 0;
  std::vector<std::uint64_t> changed_at_;  // by block
};

/// Of one metric. What a block is, the metric's column knows (metric_column.cc).
struct CopiedBlock {
  std::shared_ptr<const void> block;  // null: not yet
  std::uint64_t changed_at = 0;
};
using CopiedBlocks = std::vector<CopiedBlock>;

}  // namespace sarsen::ingest
