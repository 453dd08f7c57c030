#include "engine/query/rows_ahead.h"

#include <algorithm>

#include "engine/scan/vector_cursor.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {

RowsAhead::RowsAhead(const ScanPlan& plan, bool backwards, const QueryRun& run)
    : plan_(plan),
      backwards_(backwards),
      run_(run),
      decided_(plan.filter == nullptr && !plan.check_time),
      begin_row_(plan.begin_row),
      end_row_(plan.end_row) {
  range_.segment = plan.segment;
  range_.interval = plan.interval;
  range_.part = plan.part;
  range_.virtual_columns = plan.virtual_columns;
  range_.index_rows = decided_ ? plan.index_rows : std::vector<std::uint64_t>(mask_words(plan.segment->row_count()));
}

/// Sets the bits of the rows of the morsel that pass. Morsels begin and end at words of their own.
void RowsAhead::decide(const Morsel& morsel) {
  VectorCursor cursor(plan_, morsel.begin_row, morsel.end_row, run_.control());
  while (cursor.next()) {
    std::uint64_t* words = range_.index_rows.data() + cursor.begin() / 64;
    const Selection& selection = cursor.selection();
    if (selection.mask == nullptr) {
      fill_mask(words, selection.size, true);
    } else {
      std::copy_n(selection.mask, mask_words(selection.size), words);
    }
  }
}

const ScanPlan* RowsAhead::next() {
  if (begin_row_ >= end_row_) return nullptr;
  // Ranges meet at multiples of a morsel's rows.
  if (backwards_) {
    const std::uint32_t from = (end_row_ - 1) / kMorselRows * kMorselRows;
    const std::uint32_t more = std::min(from, range_rows_ - kMorselRows);
    range_.begin_row = std::max(begin_row_, from - more);
    range_.end_row = end_row_;
    end_row_ = range_.begin_row;
  } else {
    const std::uint64_t to = std::uint64_t{begin_row_ / kMorselRows} * kMorselRows + range_rows_;
    range_.begin_row = begin_row_;
    range_.end_row = static_cast<std::uint32_t>(std::min<std::uint64_t>(end_row_, to));
    begin_row_ = range_.end_row;
  }
  range_rows_ = std::min(range_rows_ * 4, kRangeRowsMax);
  if (!decided_) {
    ScanPlan rows;
    rows.begin_row = range_.begin_row;
    rows.end_row = range_.end_row;
    const std::vector<Morsel> cuts = morsels({rows});
    run_.parallel(cuts.size(), [&](std::size_t i) { decide(cuts[i]); });
  }
  return &range_;
}

}  // namespace sarsen::engine
