#pragma once
// The order in which the rows of all sources follow each other in the merged segment, in two bytes a row: since each
// source's rows come in their order, the number of the source is enough. A row may fold into the one before it, which
// is how rollup makes one of several. Thread safety: const methods from any thread.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/vector/selection.h"
#include "ingest/merge/source_rows.h"

namespace sarsen::ingest {

/// A row of a source, by position.
struct RowPlace {
  std::uint32_t source;
  std::uint32_t position;
};

/// Rows of one source that follow each other, all in one vector of kVectorRows positions.
struct RowPiece {
  std::uint32_t source;
  std::uint32_t position;  // of the first
  std::uint32_t count;
  bool folds;  // into the row before: all of them
};

class MergedRows {
 public:
  static constexpr std::size_t kSourcesMax = 0x7FFF;

  void reserve(std::size_t rows) { entries_.reserve(rows); }
  void append(std::uint32_t source, bool folds) {
    entries_.push_back(static_cast<std::uint16_t>(source | (folds ? kFolds : 0U)));
    rows_out_ += folds ? 0 : 1;
  }

  std::uint64_t rows_in() const noexcept { return entries_.size(); }
  std::uint64_t rows_out() const noexcept { return rows_out_; }

  /// Calls visit(const RowPiece&) for all rows in order.
  template <class Visit>
  void for_each_piece(const Sources& sources, Visit visit) const {
    std::vector<std::uint32_t> positions = begins(sources);
    for (std::size_t i = 0; i < entries_.size();) {
      const std::uint16_t entry = entries_[i];
      std::uint32_t& position = positions[entry & kSource];
      const std::size_t room = engine::kVectorRows - position % engine::kVectorRows;
      const std::size_t count_max = std::min(room, entries_.size() - i);
      std::uint32_t count = 1;
      while (count < count_max && entries_[i + count] == entry) ++count;
      visit(RowPiece{entry & std::uint32_t{kSource}, position, count, (entry & kFolds) != 0});
      position += count;
      i += count;
    }
  }

 private:
  friend class RowWalk;
  static constexpr std::uint16_t kSource = 0x7FFF;
  static constexpr std::uint16_t kFolds = 0x8000;

  static std::vector<std::uint32_t> begins(const Sources& sources) {
    std::vector<std::uint32_t> begins;
    for (const SourceRows& source : sources) begins.push_back(source.begin);
    return begins;
  }

  std::vector<std::uint16_t> entries_;
  std::uint64_t rows_out_ = 0;
};

/// Steps through the rows of the merged segment one by one. Both arguments must outlive it. Not thread-safe.
class RowWalk {
 public:
  RowWalk(const MergedRows& rows, const Sources& sources);

  /// The rows that row `row` of the merged segment is made of, the first one first. Rows are asked for in ascending
  /// order; going back starts again. Valid until the next call. REQUIRES: the row exists.
  const std::vector<RowPlace>& places(std::uint32_t row);

 private:
  void rewind();
  void step();

  const MergedRows& rows_;
  const Sources& sources_;
  std::vector<std::uint32_t> positions_;
  std::size_t entry_ = 0;
  std::uint32_t next_row_ = 0;
  std::vector<RowPlace> places_;
};

}  // namespace sarsen::ingest
