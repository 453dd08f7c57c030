#pragma once
// The rows of scan, one by one in the order asked for: those of one part, and those of all parts merged by time. A part
// is read forwards a vector at a time; backwards a range of rows at a time; and where it is not sorted by time and the
// order is wanted, its matching rows are sorted first. Belongs to one query.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/query/chosen_plans.h"
#include "engine/query/rows_ahead.h"
#include "engine/query/scan_cells.h"
#include "engine/scan/vector_cursor.h"

namespace sarsen::engine {

enum class ScanOrder : std::uint8_t { kNone, kAscending, kDescending };

class PartRows {
 public:
  /// `columns`, the names to be read, must outlive it.
  PartRows(ChosenPlans::Plan plan, ScanOrder order, const std::vector<std::string>& columns, const QueryRun& run);

  /// To the next row; false at the end. Throws when the query is to end.
  bool next();

  // Of the current row.
  std::int64_t time_ms() { return times_at(row_); }
  void write(std::size_t column, ResultWriter& out) { loaded(column).write(row_, out); }
  Value value(std::size_t column) { return loaded(column).value(row_); }

 private:
  bool fill();
  bool fill_forwards();
  bool fill_backwards();
  bool fill_sorted();
  bool open_next();
  void bind(ColumnSources& columns);
  void bind_own(const CursorPosition* position);
  void enter_unit(std::uint32_t unit);
  void gather(std::vector<std::uint32_t>& rows);
  std::int64_t times_at(std::uint32_t row);
  std::uint32_t unit_size(std::uint32_t begin) const;
  CellReader& loaded(std::size_t column);
  void load_next(std::size_t column, std::uint32_t unit);

  ChosenPlans::Plan plan_;
  ScanOrder order_;
  const std::vector<std::string>& columns_;
  const QueryControl& control_;
  RowsAhead ahead_;
  std::uint32_t unit_;  // rows that are read together
  std::unique_ptr<VectorCursor> cursor_;
  // Where rows are printed only after the cursor has gone on: columns of their own, with a position of their own.
  CursorPosition position_;
  std::array<std::uint64_t, kVectorWords> alive_;
  std::unique_ptr<CursorColumns> own_columns_;
  ColumnSources* sources_ = nullptr;
  std::vector<std::unique_ptr<CellReader>> cells_;
  /// By column.
  struct Loaded {
    std::uint32_t unit;
    std::size_t fetched;  // so many of rows_ are on their way from memory
  };
  std::vector<Loaded> loaded_;
  std::vector<std::uint32_t> rows_;  // the next rows, in the order wanted
  std::size_t next_ = 0;
  std::uint32_t row_ = 0;
};

/// What a part is read by; all of it must outlive its reader.
struct RowsSource {
  const ScanPlan* plan;
  const std::vector<std::string>* columns;
  const std::string* id;       // of the segment
  FilterPtr filter = nullptr;  // by which rows of the plan are still to be chosen; nullptr: by none
};

/// The rows of several parts merged by time. Rows of equal time come in the order of the segments' ids as text, and of
/// the parts; backwards where the order is descending. A part is opened when its turn can come.
class MergedRows {
 public:
  MergedRows(std::vector<RowsSource> sources, ScanOrder order, const QueryRun& run);

  bool next();
  PartRows& rows() noexcept { return *open_.front().rows; }
  /// Of the row.
  const RowsSource& source() const noexcept { return sources_[open_.front().source]; }
  /// Whether its row is strictly before the other's, by time and segment. REQUIRES: both have a row.
  bool before(const MergedRows& other) const;

 private:
  struct Open {
    std::unique_ptr<PartRows> rows;
    std::size_t source;
    std::int64_t time_ms;
  };
  using Waiting = std::pair<std::int64_t, std::size_t>;

  std::vector<Waiting> list_waiting() const;
  static std::vector<std::size_t> turns_of(const std::vector<Waiting>& waiting);
  bool later(const Open& left, const Open& right) const;
  std::int64_t first_time_ms(std::size_t source) const;
  void open_due();
  void push(Open open);

  std::vector<RowsSource> sources_;
  ScanOrder order_;
  const QueryRun& run_;
  std::vector<Waiting> waiting_;  // by the time before which they have no row; next last
  ChosenPlans plans_;
  std::vector<Open> open_;  // a heap, the next row's first
  bool started_ = false;
};

}  // namespace sarsen::engine
