#pragma once
// A column of one source, read vector by vector in the order of the merge. Rows that are in order already are read as
// they lie; of others the column is read whole when it is first asked for, and picked from. A column that the segment
// does not have reads as null.
//
// Positions given to read() begin at a multiple of 64. What it returns is valid until the next call. Not thread-safe.
// The source must outlive these.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "ingest/merge/source_rows.h"
#include "storage/column/column.h"

namespace sarsen::ingest {

/// Defined for std::int64_t, float and double.
template <class T>
class NumberVectors {
 public:
  struct Vector {
    const T* values;             // null rows hold 0
    const std::uint64_t* nulls;  // bits from the first row on; nullptr: no nulls
  };

  /// `column` may be null.
  NumberVectors(const SourceRows& source, const storage::Column* column);
  Vector read(std::uint32_t first, std::uint32_t count);

 private:
  Vector pick(std::uint32_t first, std::uint32_t count);

  const SourceRows* source_;
  std::unique_ptr<storage::NumericReader<T>> reader_;
  std::vector<T> values_;  // scratch
  std::vector<std::uint64_t> nulls_;
  std::vector<T> all_values_;  // of sources out of order
  std::vector<std::uint64_t> all_nulls_;
  const T* all_ = nullptr;
  bool any_null_ = false;
};

/// Ids of a merged dictionary: `new_ids` by id of the segment's own. Single-valued columns.
class IdVectors {
 public:
  /// `new_ids` of a missing column is the one id of null.
  IdVectors(const SourceRows& source, const storage::Column* column, std::span<const std::uint32_t> new_ids);
  const std::uint32_t* read(std::uint32_t first, std::uint32_t count);

 private:
  const std::uint32_t* read_rows(std::uint32_t begin, std::uint32_t count, std::vector<std::uint32_t>& ids);

  const SourceRows* source_;
  std::span<const std::uint32_t> new_ids_;
  std::unique_ptr<storage::StringReader> reader_;
  std::vector<std::uint32_t> ids_;  // scratch
  std::vector<std::uint32_t> all_;  // of sources out of order
};

/// The same as lists: of columns that are multi-valued in some segment. Single values are lists of one.
class ListVectors {
 public:
  ListVectors(const SourceRows& source, const storage::Column* column, std::span<const std::uint32_t> new_ids);
  storage::StringReader::Lists read(std::uint32_t first, std::uint32_t count);

 private:
  struct Lists {
    std::vector<std::uint32_t> offsets;
    std::vector<std::uint32_t> ids;
  };
  void read_rows(std::uint32_t begin, std::uint32_t count, Lists& lists);
  void pick(std::uint32_t first, std::uint32_t count);

  const SourceRows* source_;
  std::span<const std::uint32_t> new_ids_;
  std::unique_ptr<storage::StringReader> reader_;
  bool multiple_values_;
  std::vector<std::uint32_t> scratch_;
  Lists lists_;
  Lists all_;  // of sources out of order
};

}  // namespace sarsen::ingest
