#pragma once
// groupBy: aggregates by buckets of time and any number of dimensions. Here is what a parsed query is; group_by.cc
// parses, group_by_answer.cc makes the answer, group_by_rows.h are its ends. Immutable, shared.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/group/spilling_groups.h"
#include "engine/query/aggregating_query.h"
#include "engine/query/group_by_rows.h"
#include "engine/query/group_order.h"
#include "engine/query/having.h"
#include "engine/query/limit_spec.h"

namespace sarsen::engine {

class GroupBy final : public AggregatingQuery {
 public:
  explicit GroupBy(const JsonField& json);

  void run(QueryRun& run) const override;
  void rows(QueryRun& run, RowSink& sink) const override;

  using AggregatingQuery::dimensions;
  using AggregatingQuery::finalised;
  using AggregatingQuery::granularity;
  using AggregatingQuery::outputs;
  using AggregatingQuery::write_time;

  bool as_arrays() const noexcept { return as_arrays_; }
  const LimitSpec& limit_spec() const noexcept { return limit_spec_; }
  const GroupOrder& order() const noexcept { return *order_; }
  /// Where Druid's data servers would cut their rows already.
  bool pushes_limit_down() const;
  /// The time that a row of this bucket is answered with.
  std::int64_t row_time_ms(std::int64_t bucket_ms) const;
  RowSignature signature(bool with_time, bool finalised = true) const;
  std::vector<Value> values(const MergedGroups& groups, std::uint32_t group, bool with_time, bool finalised) const;
  /// Keeps of `rows`, groups of `groups`, those that `having` lets through.
  void keep_accepted(const MergedGroups& groups, std::vector<std::uint32_t>& rows) const;

 private:
  // group_by.cc
  void parse_subtotals(const JsonField& json);
  std::size_t subtotal_dimension(const JsonField& subtotal, const std::string& name) const;
  void check_names(const JsonField& json) const;
  void check_limit_push_down(const JsonField& json) const;

  // group_by_answer.cc
  void check_multiple_values(const std::vector<QueryRun::Part>& parts) const;
  const GroupOrder& order_of(const QueryRun& run) const {
    return run.is_nested() && nested_order_ ? *nested_order_ : *order_;
  }
  void answer(QueryRun& run, GroupByRows& out) const;
  void scan_into(QueryRun& run, const std::vector<QueryRun::Part>& parts, SpillingGroups& groups) const;
  std::size_t room() const;
  ScanShortcuts best_of(const QueryRun& run, const std::vector<QueryRun::Part>& parts, const GroupLimits& limits) const;
  void answer_empty(GroupByRows& out) const;
  void answer_groups(QueryRun& run, SpillingGroups& groups, GroupByRows& out) const;
  void answer_in_memory(QueryRun& run, MergedGroups& groups, LimitedRows& out) const;
  void answer_reordered(QueryRun& run, SpillingGroups& groups, LimitedRows& out) const;
  void answer_subtotals(QueryRun& run, SpillingGroups& groups, GroupByRows& out) const;
  void complete(MergedGroups& groups) const;
  void merge_alone(MergedGroups& groups) const;
  void note_dimensions(MergedGroups& groups) const;

  LimitSpec limit_spec_;
  HavingPtr having_;
  bool dimensions_first_;  // sortByDimsFirst, which Druid overlooks within another groupBy
  std::optional<GroupOrder> order_;
  std::optional<GroupOrder> nested_order_;  // within another groupBy, where it is not order_
  bool as_arrays_;
  std::optional<std::int64_t> fudge_timestamp_ms_;
  std::optional<std::vector<std::vector<bool>>> subtotals_;  // for each: the dimensions that it keeps
  Grouping subtotal_grouping_;
};

}  // namespace sarsen::engine
