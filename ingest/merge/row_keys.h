#pragma once
// What rows of several sources are compared by: time and the dimensions in the merged order, as Druid compares them
// when it merges. Nulls are first; texts are compared by their merged ids, so in Java's order; of lists, value by
// value, the shorter one first (rows of nothing but nulls are all null); floating numbers as Double.compare has it;
// values of auto and json columns by type, then by value. Keys are read vector by vector, and only when a comparison
// gets to them.
//
// Not thread-safe. What the plan points to must outlive it.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/time/granularity.h"
#include "ingest/merge/merged_dictionary.h"
#include "ingest/merge/merged_schema.h"
#include "ingest/merge/source_rows.h"

namespace sarsen::ingest {

enum class KeyKind : std::uint8_t { kId, kIds, kNumber, kText };

/// Keys of a run of rows. Those that the kind does not name are not set.
struct KeyVector {
  const std::uint64_t* numbers = nullptr;  // kNumber: ordered as unsigned
  const std::uint64_t* nulls = nullptr;    // kNumber: bits; nullptr: none
  const std::uint32_t* ids = nullptr;      // kId, kIds
  const std::uint32_t* offsets = nullptr;  // kIds: of the rows' lists in `ids`
  const std::string* texts = nullptr;      // kText: ordered as bytes
};

/// One column to sort by; `column` null: __time.
struct SortColumn {
  const MergedColumn* column = nullptr;
  const MergedDictionary* dictionary = nullptr;  // strings
  KeyKind kind = KeyKind::kNumber;
  bool null_is_zero = false;  // id 0 is null
};

/// Times as they are stored in the merged segment.
struct TimeRule {
  std::shared_ptr<const engine::Granularity> granularity;  // null: as they are
  std::int64_t start_ms = 0;                               // of the segment: no truncated time is before it

  std::int64_t stored(std::int64_t time_ms) const;
};

struct SortPlan {
  std::vector<SortColumn> columns;
  TimeRule time;
};

/// Reads the keys of one source in one sort column.
class KeyReader {
 public:
  virtual ~KeyReader() = default;
  /// Of the positions from `first` on, a multiple of 64. Valid until the next call.
  virtual KeyVector read(std::uint32_t first, std::uint32_t count) = 0;
};

std::unique_ptr<KeyReader> make_key_reader(const SortPlan& plan, std::size_t sort_column, const SourceRows& source,
                                           std::size_t source_number);

/// The keys of a run of rows of one source.
class SourceKeys {
 public:
  SourceKeys(const SortPlan& plan, const SourceRows& source, std::size_t source_number);

  /// The positions [first, first + count) become the run; `first` is a multiple of 64.
  void move_to(std::uint32_t first, std::uint32_t count);
  std::uint32_t first() const noexcept { return first_; }

  const KeyVector& column(std::size_t sort_column) {
    if (!read_[sort_column]) read(sort_column);
    return vectors_[sort_column];
  }

 private:
  void read(std::size_t sort_column);

  std::vector<std::unique_ptr<KeyReader>> readers_;
  std::vector<KeyVector> vectors_;
  std::vector<std::uint8_t> read_;
  std::uint32_t first_ = 0;
  std::uint32_t count_ = 0;
};

/// One row's keys, kept after its source has moved on.
class KeptKeys {
 public:
  void keep(const SortPlan& plan, SourceKeys& keys, std::uint32_t row);
  const KeyVector& column(std::size_t sort_column) const noexcept { return vectors_[sort_column]; }

 private:
  struct Key {
    std::uint64_t number = 0;
    std::uint64_t null = 0;
    std::vector<std::uint32_t> ids;
    std::uint32_t offsets[2] = {0, 0};
    std::string text;
  };
  std::vector<Key> keys_;
  std::vector<KeyVector> vectors_;
};

namespace detail {

template <class T>
int compare(T left, T right) noexcept {
  return left < right ? -1 : static_cast<int>(right < left);
}

inline bool is_null(const KeyVector& keys, std::uint32_t row) noexcept {
  return keys.nulls != nullptr && (keys.nulls[row / 64] >> row % 64 & 1) != 0;
}

}  // namespace detail

/// Of lists and of texts.
int compare_rare_keys(const SortColumn& column, const KeyVector& left, std::uint32_t left_row, const KeyVector& right,
                      std::uint32_t right_row) noexcept;

/// Negative, 0 or positive. Rows count from the first of each vector. Inline: a merge asks several times a row.
inline int compare_keys(const SortColumn& column, const KeyVector& left, std::uint32_t left_row, const KeyVector& right,
                        std::uint32_t right_row) noexcept {
  if (column.kind == KeyKind::kId) return detail::compare(left.ids[left_row], right.ids[right_row]);
  if (column.kind != KeyKind::kNumber) return compare_rare_keys(column, left, left_row, right, right_row);
  const bool left_null = detail::is_null(left, left_row);
  const bool right_null = detail::is_null(right, right_row);
  if (left_null || right_null) return static_cast<int>(right_null) - static_cast<int>(left_null);
  return detail::compare(left.numbers[left_row], right.numbers[right_row]);
}

/// From the sort column `from` on.
template <class Left, class Right>
int compare_rows(const SortPlan& plan, Left& left, std::uint32_t left_row, Right& right, std::uint32_t right_row,
                 std::size_t from = 0) {
  for (std::size_t i = from; i < plan.columns.size(); ++i)
    if (const int order = compare_keys(plan.columns[i], left.column(i), left_row, right.column(i), right_row);
        order != 0)
      return order;
  return 0;
}

}  // namespace sarsen::ingest
