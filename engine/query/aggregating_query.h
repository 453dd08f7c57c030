#pragma once
// What timeseries, topN and groupBy share: the fields filter, granularity and aggregations; the scan into groups; and
// which buckets of time an answer has. Each of the three differs in what it makes of the groups.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/group/spilling_groups.h"
#include "engine/query/grouped_plans.h"
#include "engine/query/outputs.h"
#include "engine/query/query.h"
#include "engine/query/query_run.h"
#include "engine/query/scan_shortcuts.h"

namespace sarsen::engine {

/// A run of buckets without a gap: from the bucket that starts at `first_ms` to the last that starts before `end_ms`.
struct BucketRange {
  std::int64_t first_ms;
  std::int64_t end_ms;
};

class AggregatingQuery : public Query {
 public:
  FilterPtr filter() const override { return filter_; }

 protected:
  explicit AggregatingQuery(const JsonField& json);

  const Grouping& grouping() const noexcept { return grouping_; }
  const Granularity& granularity() const noexcept { return *grouping_.granularity; }
  const Outputs& outputs() const noexcept { return outputs_; }
  const std::vector<DimensionSpec>& dimensions() const noexcept { return grouping_.dimensions; }
  /// To be called once, by constructors. `empty_rows_are_null`: see Grouping.
  void set_dimensions(std::vector<DimensionSpec> dimensions, bool empty_rows_are_null = true) {
    for (DimensionSpec& dimension : dimensions) dimension.defer_one_to_one();
    grouping_.dimensions = std::move(dimensions);
    grouping_.empty_rows_are_null = empty_rows_are_null;
  }

  /// To be called once, by constructors: aggregators meet the latest rows of a segment first.
  void read_backwards() noexcept { grouping_.backwards = grouping_.aggregators->depends_on_order(); }

  /// To be called once, by constructors, where only some rows of a segment can make a difference: takes the others out
  /// of a plan. What it does must depend on `decided_by` and on the plan only.
  void set_narrowing(std::function<void(ScanPlan&)> narrow, const std::string& decided_by) {
    narrow_ = std::move(narrow);
    if (!grouping_key_.empty()) grouping_key_ += '\n' + decided_by;
  }

  /// Scans and merges. `parts` as from run.parts(). `matched`, where given: the parts of which a row passed the filter.
  MergedGroups scan(const QueryRun& run, const std::vector<QueryRun::Part>& parts,
                    std::vector<QueryRun::Part>* matched = nullptr) const;

  /// The groups of one part, or of a piece of it: just scanned, or kept by an earlier query.
  struct PartGroups {
    std::unique_ptr<GroupScan> scan;
    const KeptGroups* kept = nullptr;

    std::uint32_t size() const noexcept { return scan != nullptr ? scan->groups() : kept->size(); }
    std::int64_t bucket_ms(std::uint32_t group) const {
      return scan != nullptr ? scan->bucket_ms(group) : kept->bucket_ms(group);
    }
    void add_to(MergedGroups& merged) { scan != nullptr ? merged.add(std::move(scan)) : merged.add(*kept); }
  };

  /// Scans; calls visit(part, groups) for the groups of each part, in the order of the rows; for the groups of each
  /// piece of it where these can meet only by value.
  using PartVisit = std::function<void(std::size_t, PartGroups)>;
  void scan_each(const QueryRun& run, const std::vector<QueryRun::Part>& parts, const PartVisit& visit,
                 const ScanShortcuts& shortcuts = {}) const;
  /// The same into `groups`, in little memory: pieces have at most `bytes_max` bytes of groups if they can, and while
  /// those that wait for their turn take more than that, no further ones are begun.
  void scan_spilling(const QueryRun& run, const std::vector<QueryRun::Part>& parts, std::size_t bytes_max,
                     SpillingGroups& groups) const;
  /// Throws kResourceLimit where the groups take more than the query may have.
  static void check_size(const QueryRun& run, const MergedGroups& groups);

  /// The buckets between the first and the last row of each part that has one in its interval.
  std::vector<BucketRange> part_ranges(const std::vector<QueryRun::Part>& parts) const;

  /// part_ranges, in order and merged where they touch: Druid fills gaps inside a
  /// segment and not between segments.
  std::vector<BucketRange> bucket_ranges(const std::vector<QueryRun::Part>& parts) const;

  /// With granularity all: the later of the interval's start and the first row's time, of the earliest part (of the
  /// latest where `descending`) that has a row there.
  std::optional<std::int64_t> all_timestamp_ms(const std::vector<QueryRun::Part>& parts, bool descending) const;

  /// Calls visit(start_ms) for each bucket of the ranges in order, until it returns false.
  template <class Visit>
  void for_each_bucket(const std::vector<BucketRange>& ranges, bool descending, const QueryControl& control,
                       Visit visit) const;

  bool finalised() const { return finalised_; }
  /// Adds the outputs to the columns of a row.
  void add_outputs(RowSignature& signature, bool finalised) const;
  /// `states`: nullptr for nulls.
  void add_outputs(std::vector<Value>& row, const std::byte* states, bool finalised) const;
  /// `zoned`: with the offset of the granularity's time zone.
  void write_time(ResultWriter& out, std::int64_t time_ms, bool zoned = true) const;

 private:
  // rows_to_groups.cc
  bool takes_rows(const GroupedPlans& plans) const;
  void scan_rows(const QueryRun& run, const GroupedPlans& plans, const ScanShortcuts& shortcuts) const;
  void add_rows(const QueryRun& run, const GroupedPlans& plans, const ScanPlan& plan, std::uint64_t rows,
                MergedGroups& groups) const;

  std::vector<Morsel> pieces(const GroupedPlans& grouped) const;
  using ScanVisit = std::function<void(std::size_t, std::unique_ptr<GroupScan>)>;
  void scan_parts(const QueryRun& run, const std::vector<QueryRun::Part>& parts, const ScanShortcuts& shortcuts,
                  const ScanVisit& visit) const;
  using Plans = std::shared_ptr<const GroupedPlans>;
  using Scans = std::span<std::unique_ptr<GroupScan>>;
  void scan_wave(const QueryRun& run, const Plans& plans, std::span<const Morsel> cuts, const ScanShortcuts& shortcuts,
                 const ScanVisit& visit) const;
  static void join_pieces(const QueryRun& run, Scans pieces);
  static bool join_by_key(const QueryRun& run, Scans pieces);
  void scan_pieces(const QueryRun& run, const std::vector<QueryRun::Part>& parts, std::size_t bytes_max,
                   const ScanVisit& visit) const;

  std::string grouping_key_;               // what decides the groups of given rows; empty: cannot be told
  std::function<void(ScanPlan&)> narrow_;  // empty: all rows are read
  FilterPtr filter_;
  AskedOfProjections asked_;
  Outputs outputs_;
  Grouping grouping_;
  bool finalised_;
  bool times_as_longs_;
};

template <class Visit>
void AggregatingQuery::for_each_bucket(const std::vector<BucketRange>& ranges, bool descending,
                                       const QueryControl& control, Visit visit) const {
  if (!descending) {
    for (const BucketRange& range : ranges)
      for (std::int64_t start = range.first_ms; start < range.end_ms; start = granularity().next_bucket(start)) {
        control.check();
        if (!visit(start)) return;
      }
    return;
  }
  for (auto range = ranges.rbegin(); range != ranges.rend(); ++range)
    for (std::int64_t start = granularity().bucket_start(range->end_ms - 1); start >= range->first_ms;
         start = granularity().bucket_start(start - 1)) {
      control.check();
      if (!visit(start)) return;
      if (granularity().bucket_start(start - 1) >= start)
        break;  // Druid's buckets before 1970 can start after their times
    }
}

}  // namespace sarsen::engine
