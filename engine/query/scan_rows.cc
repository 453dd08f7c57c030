#include "engine/query/scan_rows.h"

#include <algorithm>
#include <functional>

#include "engine/exec/poll.h"
#include "engine/vector/row_mask.h"
#include "storage/base/java_order.h"

namespace sarsen::engine {
namespace {

constexpr std::uint32_t kNothingLoaded = UINT32_MAX;

/// Rows that are read here and there are read in the smallest unit that readers allow.
constexpr std::uint32_t kRandomUnit = 64;
/// Whose values are fetched from memory together.
constexpr std::size_t kRowsAhead = 32;

}  // namespace

PartRows::PartRows(ChosenPlans::Plan plan, ScanOrder order, const std::vector<std::string>& columns,
                   const QueryRun& run)
    : plan_(std::move(plan)),
      order_(order),
      columns_(columns),
      control_(run.control()),
      ahead_(*plan_, order == ScanOrder::kDescending, run),
      unit_(order == ScanOrder::kNone || plan_->segment->sorted_by_time() ? kVectorRows : kRandomUnit) {}

bool PartRows::next() {
  if (next_ == rows_.size()) {
    rows_.clear();
    next_ = 0;
    for (Loaded& loaded : loaded_) loaded.fetched = 0;
    if (!fill()) return false;
  }
  row_ = rows_[next_++];
  return true;
}

bool PartRows::fill() {
  if (unit_ == kRandomUnit) return fill_sorted();
  return order_ == ScanOrder::kDescending ? fill_backwards() : fill_forwards();
}

/// Opens the next range of rows; false at the end.
bool PartRows::open_next() {
  cursor_.reset();
  const ScanPlan* range = ahead_.next();
  if (range == nullptr) return false;
  cursor_ = std::make_unique<VectorCursor>(*range, range->begin_row, range->end_row, control_);
  return true;
}

void PartRows::bind(ColumnSources& columns) {
  sources_ = &columns;
  cells_.clear();
  for (const std::string& column : columns_) cells_.push_back(bind_cell(columns, column));
  loaded_.assign(columns_.size(), {kNothingLoaded, 0});
}

/// Tells the columns which rows of the unit will be asked for: those that come next.
void PartRows::enter_unit(std::uint32_t unit) {
  if (position_.selection.mask != nullptr && position_.begin == unit * unit_) return;
  alive_.fill(0);
  position_.begin = unit * unit_;
  position_.selection = {.size = std::min(unit_, plan_->segment->row_count() - position_.begin), .mask = alive_.data()};
  for (std::size_t i = next_ - 1; i < rows_.size() && rows_[i] / unit_ == unit; ++i) {
    const std::uint32_t at = rows_[i] - position_.begin;
    alive_[at / 64] |= std::uint64_t{1} << (at % 64);
    ++position_.selection.count;
  }
}

/// Appends the selected rows of the cursor's vector.
void PartRows::gather(std::vector<std::uint32_t>& rows) {
  for_each_selected(cursor_->selection(),
                    [&](std::uint32_t, std::uint32_t row) { rows.push_back(cursor_->begin() + row); });
}

bool PartRows::fill_forwards() {
  while (cursor_ == nullptr || !cursor_->next()) {
    if (!open_next()) return false;
    bind(cursor_->columns());
  }
  gather(rows_);
  return true;
}

bool PartRows::fill_backwards() {
  while (open_next()) {
    while (cursor_->next()) gather(rows_);
    if (rows_.empty()) continue;
    bind_own(&position_);
    std::reverse(rows_.begin(), rows_.end());
    return true;
  }
  return false;
}

bool PartRows::fill_sorted() {
  std::vector<std::pair<std::int64_t, std::uint32_t>> found;
  while (open_next()) {
    NumericSource<std::int64_t>& times = cursor_->columns().longs(storage::kTimeColumn);
    while (cursor_->next()) {
      const std::int64_t* values = times.read(cursor_->begin(), cursor_->selection().size).values;
      for_each_selected(cursor_->selection(), [&](std::uint32_t, std::uint32_t row) {
        found.emplace_back(values[row], cursor_->begin() + row);
      });
    }
  }
  if (order_ == ScanOrder::kDescending) {
    std::sort(found.begin(), found.end(), [](const auto& left, const auto& right) {
      poll();
      return left > right;
    });
  } else {
    std::sort(found.begin(), found.end(), [](const auto& left, const auto& right) {
      poll();
      return left < right;
    });
  }
  for (const auto& [time_ms, row] : found) rows_.push_back(row);
  bind_own(nullptr);
  return !rows_.empty();
}

/// Columns apart from the cursor's, once.
void PartRows::bind_own(const CursorPosition* position) {
  if (own_columns_ != nullptr) return;
  own_columns_ = std::make_unique<CursorColumns>(*plan_->segment, plan_->virtual_columns.get(), position);
  bind(own_columns_->sources());
}

std::int64_t PartRows::times_at(std::uint32_t row) {
  const std::uint32_t begin = row / unit_ * unit_;
  return sources_->longs(storage::kTimeColumn).read(begin, unit_size(begin)).values[row - begin];
}

/// Who reads a cursor's columns reads just what it stands on: computed columns read them too, and keep what they read.
std::uint32_t PartRows::unit_size(std::uint32_t begin) const {
  if (own_columns_ == nullptr && cursor_ != nullptr && cursor_->begin() == begin) return cursor_->selection().size;
  return std::min(unit_, plan_->segment->row_count() - begin);
}

CellReader& PartRows::loaded(std::size_t column) {
  const std::uint32_t unit = row_ / unit_;
  if (loaded_[column].unit != unit || next_ > loaded_[column].fetched) load_next(column, unit);
  return *cells_[column];
}

/// The current row and those behind it: of all columns together they stay in the cache.
void PartRows::load_next(std::size_t column, std::uint32_t unit) {
  if (loaded_[column].unit != unit) {
    if (own_columns_ != nullptr && unit_ == kVectorRows) enter_unit(unit);
    const std::uint32_t begin = unit * unit_;
    cells_[column]->load(begin, unit_size(begin));
  }
  const std::size_t first = next_ - 1;
  std::size_t end = next_;
  while (end < rows_.size() && end < first + kRowsAhead && rows_[end] / unit_ == unit) ++end;
  if (end > next_) cells_[column]->prefetch({rows_.data() + first, end - first});
  loaded_[column] = {unit, end};
}

MergedRows::MergedRows(std::vector<RowsSource> sources, ScanOrder order, const QueryRun& run)
    : sources_(std::move(sources)),
      order_(order),
      run_(run),
      waiting_(list_waiting()),
      plans_(sources_, turns_of(waiting_), run) {}

std::vector<MergedRows::Waiting> MergedRows::list_waiting() const {
  std::vector<Waiting> waiting;
  for (std::size_t i = 0; i < sources_.size(); ++i) waiting.emplace_back(first_time_ms(i), i);
  std::sort(waiting.begin(), waiting.end());
  if (order_ != ScanOrder::kDescending) std::reverse(waiting.begin(), waiting.end());
  return waiting;
}

std::vector<std::size_t> MergedRows::turns_of(const std::vector<Waiting>& waiting) {
  std::vector<std::size_t> turns;
  for (auto next = waiting.rbegin(); next != waiting.rend(); ++next) turns.push_back(next->second);
  return turns;
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
  const auto by_id = java_compare(*sources_[left.source].id, *sources_[right.source].id);
  if (by_id != 0) return (by_id > 0) != descending;
  return (left.source > right.source) != descending;
}

bool MergedRows::before(const MergedRows& other) const {
  const bool descending = order_ == ScanOrder::kDescending;
  const std::int64_t left = open_.front().time_ms;
  const std::int64_t right = other.open_.front().time_ms;
  if (left != right) return (left < right) != descending;
  const auto by_id = java_compare(*source().id, *other.source().id);
  return descending ? by_id > 0 : by_id < 0;
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
    push({std::make_unique<PartRows>(plans_.next(), order_, *sources_[source].columns, run_), source, 0});
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
