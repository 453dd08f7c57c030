#include "ingest/merge/merged_rows.h"

namespace sarsen::ingest {

RowWalk::RowWalk(const MergedRows& rows, const Sources& sources) : rows_(rows), sources_(sources) { rewind(); }

void RowWalk::rewind() {
  positions_ = MergedRows::begins(sources_);
  entry_ = 0;
  next_row_ = 0;
}

void RowWalk::step() {
  const auto take = [this] {
    const std::uint32_t source = rows_.entries_[entry_++] & MergedRows::kSource;
    places_.push_back({source, positions_[source]++});
  };
  places_.clear();
  take();
  while (entry_ < rows_.entries_.size() && (rows_.entries_[entry_] & MergedRows::kFolds) != 0) take();
  ++next_row_;
}

const std::vector<RowPlace>& RowWalk::places(std::uint32_t row) {
  if (row + 1 < next_row_) rewind();
  while (next_row_ <= row) step();
  return places_;
}

}  // namespace sarsen::ingest
