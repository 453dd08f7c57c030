#pragma once
// Where the groups of a groupBy go, one after the other in the order of the answer: into the JSON of the answer, or as
// rows to another query; and what limitSpec makes of them on the way. Each belongs to one run.

#include <memory>
#include <vector>

#include "engine/group/merged_groups.h"
#include "engine/query/query_run.h"
#include "engine/query/row_sink.h"

namespace sarsen::engine {

class GroupBy;

class GroupByRows {
 public:
  virtual ~GroupByRows() = default;
  /// False: no more rows are wanted.
  virtual bool row(const MergedGroups& groups, std::uint32_t group) = 0;
};

/// Into run.out().
std::unique_ptr<GroupByRows> json_rows(const GroupBy& query, QueryRun& run);

/// For another query. A groupBy of groupBys works on values that are not finalised, and on the rows' own times.
std::unique_ptr<GroupByRows> sink_rows(const GroupBy& query, const QueryRun& run, RowSink& sink);

/// The limit and the offset; and, where Druid pushes the limit down to its data servers (GroupBy::pushes_limit_down),
/// what follows from that: those cut their rows, and merge rows that the comparators of limitSpec take for equal ("1"
/// and "01" as numbers) into one with the values of the first.
class LimitedRows {
 public:
  LimitedRows(const GroupBy& query, const Grouping& grouping, GroupByRows& out);

  /// False: no more rows are wanted.
  bool row(MergedGroups& groups, std::uint32_t group);
  /// To be called after the last row.
  void finish();

 private:
  bool pass(const MergedGroups& groups, std::uint32_t group);

  const GroupBy& query_;
  const Grouping& grouping_;
  GroupByRows& out_;
  bool pushed_down_;
  std::uint64_t room_ = UINT64_MAX;        // rows that come before the cut
  std::unique_ptr<MergedGroups> pending_;  // one group that may become one with the next
  std::int64_t passed_ = 0;
};

}  // namespace sarsen::engine
