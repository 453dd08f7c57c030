#include "ingest/merge/row_merge.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/vector/selection.h"
#include "ingest/merge/merge_heap.h"
#include "storage/base/error.h"

namespace sarsen::ingest {
namespace {

using engine::kVectorRows;

constexpr std::uint64_t kProgressRows = 1 << 16;

/// True where one integer says all about the plan's first column, so that it need not be compared again.
bool first_key_decides(const SortPlan& plan) {
  const SortColumn& column = plan.columns.front();
  return column.column == nullptr || column.kind == KeyKind::kId;
}

/// Two vectors of keys, taken in turn: the last row of one can so be compared with the first row of the next without
/// reading columns that no comparison gets to.
class KeyPair {
 public:
  KeyPair(const SortPlan& plan, const SourceRows& source, std::size_t source_number)
      : keys_{SourceKeys(plan, source, source_number), SourceKeys(plan, source, source_number)}, end_(source.end) {}

  SourceKeys& now() noexcept { return keys_[now_]; }
  SourceKeys& other() noexcept { return keys_[1 - now_]; }
  /// The other becomes the one of `position`.
  void turn(std::uint32_t position) {
    now_ = 1 - now_;
    const std::uint32_t first = position / kVectorRows * kVectorRows;
    now().move_to(first, std::min(kVectorRows, end_ - first));
  }

 private:
  SourceKeys keys_[2];
  std::size_t now_ = 0;
  std::uint32_t end_;
};

/// A source as it is stepped through. Its first key is kept at hand: mostly it decides alone.
class Cursor {
 public:
  Cursor(const SortPlan& plan, const SourceRows& source, std::size_t source_number)
      : keys_(plan, source, source_number),
        first_key_decides_(first_key_decides(plan)),
        position_(source.begin),
        end_(source.end) {
    if (at_end()) return;
    keys_.turn(position_);
    read_first_key();
  }

  bool at_end() const noexcept { return position_ == end_; }
  bool at_last_of_vector() const noexcept { return (position_ + 1) % kVectorRows == 0; }
  SourceKeys& keys() noexcept { return keys_.now(); }
  SourceKeys& keys_to_come() noexcept { return keys_.other(); }
  std::uint32_t row() const noexcept { return position_ % kVectorRows; }
  std::uint64_t first_key() const noexcept { return first_key_; }

  void step() {
    ++position_;
    if (at_end()) return;
    if (position_ % kVectorRows == 0) keys_.turn(position_);
    read_first_key();
  }

 private:
  void read_first_key() {
    if (!first_key_decides_) return;
    const KeyVector& keys = keys_.now().column(0);
    first_key_ = keys.numbers != nullptr ? keys.numbers[row()] : keys.ids[row()];
  }

  KeyPair keys_;
  bool first_key_decides_;
  std::uint32_t position_;
  std::uint32_t end_;
  std::uint64_t first_key_ = 0;  // 0 where it does not decide
};

/// The row that the present row of the merged segment began with.
class Mark {
 public:
  explicit Mark(const SortPlan& plan) : plan_(plan), from_(first_key_decides(plan) ? 1 : 0) {}

  void set(Cursor& cursor) {
    keys_ = &cursor.keys();
    row_ = cursor.row();
    first_key_ = cursor.first_key();
    is_kept_ = false;
  }

  bool equals(Cursor& cursor) {
    if (keys_ == nullptr || cursor.first_key() != first_key_) return false;
    if (is_kept_) return compare_rows(plan_, kept_, 0, cursor.keys(), cursor.row(), from_) == 0;
    return compare_rows(plan_, *keys_, row_, cursor.keys(), cursor.row(), from_) == 0;
  }

  /// These keys are about to become those of other rows.
  void leave(const SourceKeys& keys) {
    if (keys_ != &keys || is_kept_) return;
    kept_.keep(plan_, *keys_, row_);
    is_kept_ = true;
  }

 private:
  const SortPlan& plan_;
  std::size_t from_;
  SourceKeys* keys_ = nullptr;
  std::uint32_t row_ = 0;
  std::uint64_t first_key_ = 0;
  bool is_kept_ = false;
  KeptKeys kept_;
};

}  // namespace

bool is_sorted(const SortPlan& plan, const SourceRows& source, std::size_t source_number, std::size_t columns) {
  if (source.size() < 2) return true;
  SortPlan first = plan;
  first.columns.resize(columns);
  KeyPair keys(first, source, source_number);
  keys.turn(source.begin);
  for (std::uint32_t position = source.begin + 1; position < source.end; ++position) {
    const std::uint32_t row = position % kVectorRows;
    if (row == 0) keys.turn(position);
    SourceKeys& before = row == 0 ? keys.other() : keys.now();
    if (compare_rows(first, before, (position - 1) % kVectorRows, keys.now(), row) > 0) return false;
  }
  return true;
}

void sort_source(const SortPlan& plan, SourceRows& source, std::size_t source_number) {
  std::vector<std::uint32_t> positions(source.size());
  std::iota(positions.begin(), positions.end(), source.begin);
  SourceKeys keys(plan, source, source_number);
  const std::uint32_t first = source.begin / 64 * 64;
  keys.move_to(first, source.end - first);
  std::sort(positions.begin(), positions.end(), [&](std::uint32_t left, std::uint32_t right) {
    const int order = compare_rows(plan, keys, left - first, keys, right - first);
    return order != 0 ? order < 0 : left < right;
  });
  for (std::uint32_t& position : positions) position = source.row(position);
  source.begin = 0;
  source.end = static_cast<std::uint32_t>(positions.size());
  source.rows = std::move(positions);
}

MergedRows merge_rows(const SortPlan& plan, const Sources& sources, bool rollup,
                      const std::function<void(std::uint64_t)>& progress) {
  std::vector<Cursor> cursors;
  cursors.reserve(sources.size());
  MergedRows merged;
  std::size_t row_count = 0;
  for (const SourceRows& source : sources) {
    cursors.emplace_back(plan, source, cursors.size());
    row_count += source.size();
  }
  merged.reserve(row_count);

  const std::size_t from = first_key_decides(plan) ? 1 : 0;
  MergeHeap heap([&](std::uint32_t left, std::uint32_t right) {
    Cursor& left_cursor = cursors[left];
    Cursor& right_cursor = cursors[right];
    if (left_cursor.first_key() != right_cursor.first_key())
      return left_cursor.first_key() < right_cursor.first_key() ? -1 : 1;
    return compare_rows(plan, left_cursor.keys(), left_cursor.row(), right_cursor.keys(), right_cursor.row(), from);
  });
  for (std::uint32_t source = 0; source < cursors.size(); ++source)
    if (!cursors[source].at_end()) heap.add(source);

  Mark mark(plan);
  while (!heap.empty()) {
    Cursor& cursor = cursors[heap.top()];
    const bool folds = rollup && mark.equals(cursor);
    if (rollup && !folds) mark.set(cursor);
    merged.append(heap.top(), folds);
    if (rollup && cursor.at_last_of_vector()) mark.leave(cursor.keys_to_come());
    cursor.step();
    if (cursor.at_end())
      heap.pop();
    else
      heap.top_changed();
    if (progress && merged.rows_in() % kProgressRows == 0) progress(merged.rows_in());
  }
  if (merged.rows_out() > INT32_MAX)
    throw Error(ErrorCategory::kInvalidInput,
                "The segments have more rows than one segment can hold: " + std::to_string(merged.rows_out()));
  return merged;
}

}  // namespace sarsen::ingest
