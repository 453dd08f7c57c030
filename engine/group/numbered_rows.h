#pragma once
// The values of one dimension by row, as numbers of ValueNumbers: for rows that go straight to the groups of a whole
// query (MergedGroups::add_rows). Belongs to one cursor.

#include <cstdint>
#include <memory>
#include <span>

#include "engine/group/dimension.h"
#include "engine/group/value_numbers.h"
#include "engine/scan/scan_plan.h"
#include "engine/vector/column_sources.h"

namespace sarsen::engine {

class NumberedRows {
 public:
  virtual ~NumberedRows() = default;
  /// numbers[i] is that of row begin + rows[i].
  virtual void read(std::uint32_t begin, std::uint32_t size, std::span<const std::uint32_t> rows,
                    std::uint32_t* numbers) = 0;
};

/// Whether rows of the plan have values that NumberedRows can number: one each, a long shown as such, or a stored text.
bool can_number_rows(const DimensionSpec& spec, const ScanPlan& plan);

/// `numbers` must outlive it. `rows`: how many are read at most. REQUIRES: can_number_rows() of the plan that `columns`
/// are of.
std::unique_ptr<NumberedRows> number_rows(const DimensionSpec& spec, ColumnSources& columns, ValueNumbers& numbers,
                                          std::uint32_t rows);

}  // namespace sarsen::engine
