#include "storage/bitmap/rows_by_id.h"

namespace sarsen::storage {

void RowsById::begin_adding() {
  std::uint64_t sum = 0;
  begins_.resize(ends_.size());
  for (std::size_t id = 0; id < ends_.size(); ++id) {
    begins_[id] = static_cast<std::uint32_t>(sum);
    sum += ends_[id];
    ends_[id] = begins_[id];
  }
  rows_.resize(sum);
}

RowsById RowsById::of(std::span<const std::uint32_t> ids, std::uint32_t id_count) {
  RowsById rows(id_count, static_cast<std::uint32_t>(ids.size()));
  for (const std::uint32_t id : ids) rows.count(id);
  rows.begin_adding();
  for (std::uint32_t row = 0; row < rows.row_count(); ++row) rows.add(ids[row], row);
  return rows;
}

}  // namespace sarsen::storage
