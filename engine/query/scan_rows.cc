#include "engine/query/scan_rows.h"

#include <algorithm>
#include <functional>

#include "engine/query/query_run.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {
namespace {

constexpr std::uint32_t kNothingLoaded = UINT32_MAX;

/// Rows that are read here and there are read in the smallest unit that readers allow.
constexpr std::uint32_t kRandomUnit = 64;

}  // namespace

PartRows::PartRows(const ScanPlan& plan, ScanOrder order, const std::vector<std::string>& columns,
                   const QueryControl& control)
    : plan_(plan),
      order_(order),
      columns_(columns),
      control_(control),
      unit_(order == ScanOrder::kNone || plan.segment->sorted_by_time() ? kVectorRows : kRandomUnit),
      end_row_(plan.end_row) {}

bool PartRows::next() {
  if (next_ == rows_.size()) {
    rows_.clear();
    next_ = 0;
    if (!fill()) return false;
  }
  row_ = rows_[next_++];
  return true;
}

bool PartRows::fill() {
  if (unit_ == kRandomUnit) return fill_sorted();
  return order_ == ScanOrder::kDescending ? fill_backwards() : fill_forwards();
}

void PartRows::open(std::uint32_t begin_row, std::uint32_t end_row) {
  cells_.clear();
  cursor_ = std::make_unique<VectorCursor>(plan_, begin_row, end_row, control_);
  for (const std::string& column : columns_) cells_.push_back(bind_cell(cursor_->columns(), column));
  loaded_.assign(columns_.size(), kNothingLoaded);
}

/// Appends the selected rows of the cursor's vector.
void PartRows::gather(std::vector<std::uint32_t>& rows) {
  for_each_selected(cursor_->selection(),
                    [&](std::uint32_t, std::uint32_t row) { rows.push_back(cursor_->begin() + row); });
}

bool PartRows::fill_forwards() {
  if (cursor_ == nullptr) open(plan_.begin_row, plan_.end_row);
  if (!cursor_->next()) return false;
  gather(rows_);
  return true;
}

bool PartRows::fill_backwards() {
  while (end_row_ > plan_.begin_row) {
    const std::uint32_t cut = (end_row_ - 1) / kMorselRows * kMorselRows;
    const std::uint32_t begin = std::max(cut, plan_.begin_row);
    open(begin, end_row_);
    end_row_ = begin;
    while (cursor_->next()) gather(rows_);
    if (rows_.empty()) continue;
    std::reverse(rows_.begin(), rows_.end());
    return true;
  }
  return false;
}

bool PartRows::fill_sorted() {
  if (done_) return false;
  done_ = true;
  open(plan_.begin_row, plan_.end_row);
  std::vector<std::pair<std::int64_t, std::uint32_t>> found;
  NumericSource<std::int64_t>& times = cursor_->columns().longs(storage::kTimeColumn);
  while (cursor_->next()) {
    const std::int64_t* values = times.read(cursor_->begin(), cursor_->selection().size).values;
    for_each_selected(cursor_->selection(), [&](std::uint32_t, std::uint32_t row) {
      found.emplace_back(values[row], cursor_->begin() + row);
    });
  }
  if (order_ == ScanOrder::kDescending) {
    std::sort(found.begin(), found.end(), std::greater<>());
  } else {
    std::sort(found.begin(), found.end());
  }
  for (const auto& [time_ms, row] : found) rows_.push_back(row);
  return !rows_.empty();
}

std::int64_t PartRows::times_at(std::uint32_t row) {
  const std::uint32_t begin = row / unit_ * unit_;
  const std::uint32_t size = std::min(unit_, plan_.segment->row_count() - begin);
  return cursor_->columns().longs(storage::kTimeColumn).read(begin, size).values[row - begin];
}

CellReader& PartRows::loaded(std::size_t column) {
  const std::uint32_t unit = row_ / unit_;
  if (loaded_[column] != unit) {
    const std::uint32_t begin = unit * unit_;
    cells_[column]->load(begin, std::min(unit_, plan_.segment->row_count() - begin));
    loaded_[column] = unit;
  }
  return *cells_[column];
}

MergedRows::MergedRows(std::vector<Source> sources, ScanOrder order, const QueryControl& control)
    : sources_(std::move(sources)), order_(order), control_(control) {
  for (std::size_t i = 0; i < sources_.size(); ++i) waiting_.emplace_back(first_time_ms(i), i);
  std::sort(waiting_.begin(), waiting_.end());
  if (order != ScanOrder::kDescending) std::reverse(waiting_.begin(), waiting_.end());
}

/// No row of the source comes before this time, or after it where the order is descending.
std::int64_t MergedRows::first_time_ms(std::size_t source) const {
  const ScanPlan& plan = *sources_[source].plan;
  const std::optional<Interval> bounds = plan.segment->time_bounds();
  if (order_ == ScanOrder::kDescending)
    return bounds ? std::min(bounds->end_ms, plan.interval.end_ms) : plan.interval.end_ms;
  return bounds ? std::max(bounds->start_ms, plan.interval.start_ms) : plan.interval.start_ms;
}

/// The order of a heap of which the first is the next row's.
bool MergedRows::later(const Open& left, const Open& right) const {
  const bool descending = order_ == ScanOrder::kDescending;
  if (left.time_ms != right.time_ms) return (left.time_ms > right.time_ms) != descending;
  return (left.source > right.source) != descending;
}

void MergedRows::push(Open open) {
  if (!open.rows->next()) return;
  open.time_ms = open.rows->time_ms();
  open_.push_back(std::move(open));
  std::push_heap(open_.begin(), open_.end(), [this](const Open& a, const Open& b) { return later(a, b); });
}

void MergedRows::open_due() {
  const auto due = [&] {
    if (waiting_.empty()) return false;
    if (open_.empty()) return true;
    const std::int64_t first = waiting_.back().first;
    return order_ == ScanOrder::kDescending ? first >= open_.front().time_ms : first <= open_.front().time_ms;
  };
  while (due()) {
    const std::size_t source = waiting_.back().second;
    waiting_.pop_back();
    push({std::make_unique<PartRows>(*sources_[source].plan, order_, *sources_[source].columns, control_), source, 0});
  }
}

bool MergedRows::next() {
  if (started_ && !open_.empty()) {
    std::pop_heap(open_.begin(), open_.end(), [this](const Open& a, const Open& b) { return later(a, b); });
    Open current = std::move(open_.back());
    open_.pop_back();
    push(std::move(current));
  }
  started_ = true;
  open_due();
  return !open_.empty();
}

}  // namespace sarsen::engine
