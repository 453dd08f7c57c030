#pragma once
// What a query keeps of the rows that are made of a data source, as a hint to those who make them: rows that cannot
// pass may be left out before they are joined or unnested, where indexes help and fewer are read. The query asks its
// filter again, so whoever cannot use the hint passes over it. Immutable; shared by threads.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data_source/data_source.h"
#include "engine/filter/filter.h"
#include "engine/virtual_column/virtual_column.h"
#include "storage/segment/segment.h"

namespace sarsen::engine {

class PushedFilter {
 public:
  /// Every row may be in the answer.
  PushedFilter() = default;
  /// `filter`: nullptr: none. `virtual_columns`: those that it may read.
  PushedFilter(const FilterPtr& filter, VirtualColumnsPtr virtual_columns);

  bool empty() const noexcept { return conjuncts_.empty(); }

  /// The same for what lies below, where columns of these names are not there yet, or are others.
  PushedFilter without_prefix(std::string prefix) const;
  PushedFilter without_column(std::string name) const;
  /// And a filter over stored columns.
  PushedFilter with(const FilterPtr& filter) const;

  /// The rows of a part that may be in the answer, and the virtual columns to read them with.
  struct Choice {
    FilterPtr filter;  // nullptr: all
    VirtualColumnsPtr virtual_columns;
    std::vector<FilterPtr> passed = {};  // conjuncts of the query's filter that need not be asked of them again
  };
  /// Those that pass the part's filter and the conjuncts that read nothing but its segment. `own`: the virtual columns
  /// with which its rows are read; `stored`: columns that these, and who reads them, mean as they are stored.
  Choice over(const SourcePart& part, const VirtualColumnsPtr& own, const std::vector<std::string>& stored) const;

  /// Calls visit(conjunct, mask), one bit per row of the segment, for each conjunct that reads nothing but columns of
  /// it whose names begin with `prefix`.
  using MaskVisit = std::function<void(const FilterPtr& conjunct, const std::vector<std::uint64_t>& mask)>;
  void matches(const storage::Segment& segment, const std::string& prefix, const MaskVisit& visit) const;

  /// What of a filter must still be asked of the rows of a segment; nullptr: nothing.
  static FilterPtr rest(const FilterPtr& filter, const storage::Segment& segment);

 private:
  struct Conjunct {
    FilterPtr filter;
    bool reads_virtual_columns;
  };

  bool is_above(std::string_view name) const;

  std::vector<Conjunct> conjuncts_;
  VirtualColumnsPtr virtual_columns_ = std::make_shared<const VirtualColumns>();
  std::vector<std::string> prefixes_above_;
  std::vector<std::string> names_above_;
};

}  // namespace sarsen::engine
