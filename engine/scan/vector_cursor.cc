#include "engine/scan/vector_cursor.h"

#include <algorithm>
#include <numeric>

#include "engine/kernels/kernels.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {

VectorCursor::VectorCursor(const ScanPlan& plan, std::uint32_t begin_row, std::uint32_t end_row,
                           const QueryControl& control, bool backwards)
    : plan_(plan),
      control_(control),
      begin_row_(begin_row),
      end_row_(end_row),
      columns_(*plan.segment, plan.virtual_columns.get(), &position_),
      filter_(plan.filter ? plan.filter->bind(columns(), {.row_count = plan.segment->row_count()}) : nullptr),
      next_(begin_row / kVectorRows),
      end_((end_row + kVectorRows - 1) / kVectorRows),
      positions_(backwards ? kVectorRows + 64 : 0) {}

bool VectorCursor::next() {
  while (next_ < end_) {
    control_.check();
    position_.begin = (positions_.empty() ? next_++ : --end_) * kVectorRows;
    selection_ = {.size = std::min(kVectorRows, end_row_ - position_.begin)};
    if (!select()) continue;
    if (!positions_.empty()) reverse();
    return true;
  }
  return false;
}

bool VectorCursor::at_run() const noexcept {
  const bool asks = plan_.check_time || filter_ != nullptr || !plan_.index_rows.empty();
  constexpr std::uint32_t kRows = kRunVectors * kVectorRows;
  return !asks && positions_.empty() && selection_.all() && position_.begin % kRows == 0 &&
         end_row_ - position_.begin >= kRows;
}

void VectorCursor::reverse() {
  if (selection_.mask != nullptr) {
    kernels::mask_to_positions(selection_.mask, selection_.size, positions_.data());
  } else {
    std::iota(positions_.begin(), positions_.begin() + selection_.size, 0U);
  }
  std::reverse(positions_.begin(), positions_.begin() + selection_.count);
  selection_.mask = nullptr;
  selection_.positions = positions_.data();
}

bool VectorCursor::select() {
  if (position_.begin < begin_row_) {
    need_mask();
    clip_mask(mask_.data(), selection_.size, begin_row_ - position_.begin, selection_.size);
  }
  if (!plan_.index_rows.empty()) apply_index();
  if (selection_.mask != nullptr && mask_is_empty(mask_.data(), mask_words(selection_.size))) return false;
  if (plan_.check_time) apply_time();
  if (filter_ != nullptr) apply_residual();
  return settle();
}

void VectorCursor::need_mask() {
  if (selection_.mask == nullptr) fill_mask(mask_.data(), selection_.size, true);
  selection_.mask = mask_.data();
}

void VectorCursor::apply_index() {
  need_mask();
  kernels::mask_and(mask_.data(), plan_.index_rows.data() + position_.begin / 64, mask_words(selection_.size));
}

void VectorCursor::apply_time() {
  need_mask();
  const NumericVector<std::int64_t> times =
      columns().longs(storage::kTimeColumn).read(position_.begin, selection_.size);
  kernels::in_range(times.values, selection_.size, plan_.interval.start_ms, plan_.interval.end_ms - 1, other_.data());
  kernels::mask_and(mask_.data(), other_.data(), mask_words(selection_.size));
}

void VectorCursor::apply_residual() {
  need_mask();
  const auto conjuncts = filter_->conjuncts();
  const std::size_t words = mask_words(selection_.size);
  for (std::size_t i = 0; i < plan_.residual.size(); ++i) {
    if (!plan_.residual[i] || mask_is_empty(mask_.data(), words)) continue;
    FilterMatcher& matcher = conjuncts.empty() ? *filter_ : *conjuncts[i];
    matcher.match(position_.begin, selection_.size, false, other_.data());
    kernels::mask_and(mask_.data(), other_.data(), words);
  }
}

/// Counts the rows left. A full mask is dropped, so that the kernels for all rows are used.
bool VectorCursor::settle() {
  selection_.count = selection_.mask == nullptr
                         ? selection_.size
                         : static_cast<std::uint32_t>(kernels::mask_count(mask_.data(), mask_words(selection_.size)));
  if (selection_.count == selection_.size) selection_.mask = nullptr;
  return selection_.count > 0;
}

}  // namespace sarsen::engine
