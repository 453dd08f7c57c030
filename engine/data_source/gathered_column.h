#pragma once
// Columns whose rows are rows of another column, by number, any of them any number of times, or none: what joins and
// unnesting make. Nothing is copied: dictionaries are shared, values are fetched when a vector is read. A missing row
// is null. Thread safety: as Column.

#include <cstdint>
#include <memory>
#include <vector>

#include "storage/column/column.h"

namespace sarsen::engine {

/// Stands for no row.
inline constexpr std::uint32_t kNoRow = UINT32_MAX;

struct RowNumbers {
  std::vector<std::uint32_t> rows;
  bool some_missing = false;  // kNoRow is among them
};

/// `base` must outlive it.
std::unique_ptr<storage::Column> make_gathered_column(const storage::Column& base,
                                                      std::shared_ptr<const RowNumbers> rows);

/// The dictionary of the base, of that of a gathered column.
const storage::Dictionary& dictionary_of_base(const storage::Dictionary& dictionary);

}  // namespace sarsen::engine
