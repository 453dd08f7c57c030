#pragma once
// The rows that hold each dictionary id: a counting sort, of which bitmaps are written and checked. Thread safety: none
// while it is made.

#include <cstdint>
#include <span>
#include <vector>

namespace sarsen::storage {

/// Each list ascends, without repeats.
class RowsById {
 public:
  /// `ids`: how many there are; `rows`: of the column.
  RowsById(std::uint32_t ids, std::uint32_t rows) : ends_(ids), row_count_(rows) {}

  /// That of a column with one id a row.
  static RowsById of(std::span<const std::uint32_t> ids, std::uint32_t id_count);

  // First count every occurrence, then add the same again, rows ascending. REQUIRES: id < ids().
  void count(std::uint32_t id) { ++ends_[id]; }
  void begin_adding();
  void add(std::uint32_t id, std::uint32_t row) {
    std::uint32_t& end = ends_[id];
    if (end > begins_[id] && rows_[end - 1] == row) return;  // a value may repeat within a row
    rows_[end++] = row;
  }

  std::span<const std::uint32_t> rows(std::uint32_t id) const noexcept {
    return {rows_.data() + begins_[id], ends_[id] - begins_[id]};
  }
  std::uint32_t ids() const noexcept { return static_cast<std::uint32_t>(ends_.size()); }
  std::uint32_t row_count() const noexcept { return row_count_; }

 private:
  std::vector<std::uint32_t> ends_;  // while counting: how many
  std::vector<std::uint32_t> begins_;
  std::vector<std::uint32_t> rows_;
  std::uint32_t row_count_;
};

}  // namespace sarsen::storage
