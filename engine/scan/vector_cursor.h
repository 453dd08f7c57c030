#pragma once
// Steps through the rows of a plan one vector at a time: each vector begins at a multiple of kVectorRows, and its
// selection holds the rows that are in the range, in the interval, and pass the filter. Belongs to one thread; the plan
// must outlive it.

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/query/query_engine.h"
#include "engine/scan/scan_plan.h"
#include "engine/vector/selection.h"

namespace sarsen::engine {

class VectorCursor {
 public:
  /// Reads rows [begin_row, end_row) of the plan's segment. `backwards`: the last vector comes first, and the selection
  /// of each is positions that descend.
  VectorCursor(const ScanPlan& plan, std::uint32_t begin_row, std::uint32_t end_row, const QueryControl& control,
               bool backwards = false);

  VectorCursor(const VectorCursor&) = delete;  // its columns know where its position is
  VectorCursor& operator=(const VectorCursor&) = delete;

  ColumnSources& columns() noexcept { return columns_.sources(); }

  /// Moves to the next vector with a selected row; false at the end. Throws when the query is to end (QueryControl).
  bool next();

  /// Whether this vector is the first of a run (kRunVectors) in which all rows are selected, as is known beforehand.
  /// Then skip_run() leaves the others out.
  bool at_run() const noexcept;
  void skip_run() noexcept { next_ += kRunVectors - 1; }

  std::uint32_t begin() const noexcept { return position_.begin; }
  const Selection& selection() const noexcept { return selection_; }

 private:
  bool select();
  void apply_index();
  void apply_time();
  void apply_residual();
  void need_mask();
  bool settle();
  void reverse();

  const ScanPlan& plan_;
  const QueryControl& control_;
  std::uint32_t begin_row_;
  std::uint32_t end_row_;
  CursorPosition position_;
  Selection& selection_ = position_.selection;
  CursorColumns columns_;
  std::unique_ptr<FilterMatcher> filter_;
  std::uint32_t next_;  // numbers of vectors
  std::uint32_t end_;
  std::vector<std::uint32_t> positions_;  // empty: forwards
  std::array<std::uint64_t, kVectorWords> mask_;
  std::array<std::uint64_t, kVectorWords> other_;
};

}  // namespace sarsen::engine
