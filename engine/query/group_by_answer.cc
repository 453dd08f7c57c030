// From the groups of a groupBy to its rows. Groups come from SpillingGroups batch by batch, in the order of their keys:
// one batch where nothing was spilled. `having` sees each batch; an order of limitSpec is a second sorting, of the
// groups that are left, which may be spilled like the first.

#include <algorithm>
#include <numeric>

#include "engine/exec/poll.h"
#include "engine/query/group_by.h"
#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

/// Calls visit(name) for each dimension of which a row may have several values.
template <class Visit>
void for_each_multiple(const GroupBy& query, const std::vector<QueryRun::Part>& parts, Visit visit) {
  for (const QueryRun::Part& part : parts)
    for (const DimensionSpec& dimension : query.dimensions()) {
      const storage::Column* column = part.segment->column(dimension.dimension);
      if (column != nullptr && column->multiple_values()) visit(dimension.dimension);
    }
}

/// A piece of a scan may take this much whatever the limit: less would be mostly what any scan needs.
constexpr std::uint64_t kPieceBytesMin = 1 << 20;

/// Hands rows on until no more are wanted.
bool pass(QueryRun& run, MergedGroups& groups, const std::vector<std::uint32_t>& rows, LimitedRows& out) {
  for (const std::uint32_t row : rows) {
    run.control().check();
    if (!out.row(groups, row)) return false;
  }
  return true;
}

}  // namespace

void GroupBy::run(QueryRun& run) const { answer(run, *json_rows(*this, run)); }

void GroupBy::rows(QueryRun& run, RowSink& sink) const { answer(run, *sink_rows(*this, run, sink)); }

void GroupBy::check_multiple_values(const std::vector<QueryRun::Part>& parts) const {
  if (!context().boolean_or("groupByEnableMultiValueUnnesting", true))
    for_each_multiple(*this, parts, [](const std::string& name) {
      throw Error(
          ErrorCategory::kInvalidInput,
          "Encountered multi-value dimension [" + name +
              "] that cannot be processed with 'groupByEnableMultiValueUnnesting' set to false. Consider setting "
              "'groupByEnableMultiValueUnnesting' to true in your query context.");
    });
  if (context().is_forced("vectorize"))
    for_each_multiple(*this, parts, [](const std::string& name) {
      throw Error(ErrorCategory::kInvalidInput, "Cannot vectorize! The dimension [" + name + "] has several values");
    });
}

void GroupBy::answer(QueryRun& run, GroupByRows& out) const {
  const std::vector<QueryRun::Part>& parts = run.parts();
  check_multiple_values(parts);
  const GroupLimits limits = group_limits(context(), run.limits().groups);
  // What happens to merged rows, having, limits, subtotals, does not happen to a segment's own.
  const bool as_they_are = run.is_by_segment();
  const GroupKeyOrder by_key(dimensions().size(), !as_they_are && dimensions_first_ && !run.is_nested());
  const auto space = std::make_shared<SpillSpace>(SpillSpace{limits.disk_bytes_max, 0});
  SpillingGroups groups(grouping(), limits, by_key, space);
  scan_into(run, parts, groups);
  if (as_they_are) {
    groups.for_each_sorted([&](MergedGroups& batch, std::vector<std::uint32_t>& rows) {
      for (const std::uint32_t row : rows) out.row(batch, row);
      return true;
    });
  } else if (subtotals_) {
    answer_subtotals(run, groups, out);
  } else if (!groups.spilled() && groups.in_memory().size() == 0) {
    answer_empty(out);
  } else {
    answer_groups(run, groups, out);
  }
}

/// Without dimensions and with granularity all, nothing is one row of initial values, as in SQL.
void GroupBy::answer_empty(GroupByRows& out) const {
  if (!dimensions().empty() || !granularity().is_all() || limit_spec_.offset > 0) return;
  MergedGroups one(grouping());
  one.add_initial();
  std::vector<std::uint32_t> rows{0};
  keep_accepted(one, rows);
  if (!rows.empty()) out.row(one, 0);
}

/// The best of the one segment there is, where they are ordered by an aggregator first, and nothing asks for others.
ScanShortcuts GroupBy::best_of(const QueryRun& run, const std::vector<QueryRun::Part>& parts,
                               const GroupLimits& limits) const {
  const bool counts_groups = limits.groups_max != GroupLimits().groups_max ||
                             limits.dictionary_bytes_max != GroupLimits().dictionary_bytes_max;
  const bool asks_all = having_ != nullptr || subtotals_ || run.is_by_segment() || counts_groups || room() == 0;
  const std::optional<GroupOrder::First> first = order_of(run).first_aggregator();
  if (parts.size() != 1 || asks_all || limit_spec_.limit == INT64_MAX || !first) return {};
  ScanShortcuts shortcuts;
  shortcuts.best = BestWanted{first->index, !first->descending, room()};
  shortcuts.is_best_of_part = [](std::size_t) { return true; };
  return shortcuts;
}

void GroupBy::scan_into(QueryRun& run, const std::vector<QueryRun::Part>& parts, SpillingGroups& groups) const {
  const GroupLimits& limits = groups.limits();
  if (limits.disk_bytes_max > 0)
    return scan_spilling(run, parts, std::max(limits.memory_bytes_max / 8, kPieceBytesMin), groups);
  std::size_t plan = 0;
  ScanShortcuts shortcuts = best_of(run, parts, limits);
  shortcuts.take_merged = [&](std::unique_ptr<MergedGroups> merged) { groups.add(std::move(merged)); };
  shortcuts.merged_bytes_max = limits.memory_bytes_max;
  scan_each(
      run, parts,
      [&](std::size_t, PartGroups part) {
        if (part.kept != nullptr) return groups.add(*part.kept);
        groups.add(std::move(part.scan), ++plan);
      },
      shortcuts);
  groups.finish();
}

void GroupBy::answer_groups(QueryRun& run, SpillingGroups& groups, GroupByRows& out) const {
  LimitedRows limited(*this, groups.grouping(), out);
  if (!groups.spilled()) {
    answer_in_memory(run, groups.in_memory(), limited);
  } else if (order_of(run).is_key_order()) {
    groups.for_each_sorted([&](MergedGroups& batch, std::vector<std::uint32_t>& rows) {
      complete(batch);
      keep_accepted(batch, rows);
      return pass(run, batch, rows, limited);
    });
  } else {
    answer_reordered(run, groups, limited);
  }
  limited.finish();
}

void GroupBy::answer_in_memory(QueryRun& run, MergedGroups& groups, LimitedRows& out) const {
  complete(groups);
  std::vector<std::uint32_t> rows(groups.size());
  std::iota(rows.begin(), rows.end(), 0U);
  keep_accepted(groups, rows);
  order_of(run).sort(groups, rows, room());
  pass(run, groups, rows, out);
}

void GroupBy::answer_reordered(QueryRun& run, SpillingGroups& groups, LimitedRows& out) const {
  SpillingGroups ordered(groups.grouping(), groups.limits(), order_of(run), groups.space(),
                         SpillingGroups::Equals::kKept);
  ordered.set_wanted(room());
  groups.for_each_sorted([&](MergedGroups& batch, std::vector<std::uint32_t>& rows) {
    complete(batch);
    keep_accepted(batch, rows);
    for (const std::uint32_t row : rows) {
      run.control().check();
      ordered.take(batch, row);
    }
    return true;
  });
  ordered.for_each_sorted(
      [&](MergedGroups& batch, std::vector<std::uint32_t>& rows) { return pass(run, batch, rows, out); });
}

/// How many rows are worth sorting.
std::size_t GroupBy::room() const {
  return static_cast<std::size_t>(static_cast<std::uint64_t>(limit_spec_.limit) +
                                  static_cast<std::uint64_t>(limit_spec_.offset));
}

void GroupBy::answer_subtotals(QueryRun& run, SpillingGroups& groups, GroupByRows& out) const {
  SpillingGroups all(subtotal_grouping_, groups.limits(), order_of(run).key_order(), groups.space());
  groups.for_each_sorted([&](MergedGroups& batch, std::vector<std::uint32_t>& rows) {
    merge_alone(batch);
    for (std::size_t i = 0; i < subtotals_->size(); ++i) {
      run.control().check();
      all.add_subtotal(batch, rows, (*subtotals_)[i], static_cast<std::int64_t>(i));
    }
    return true;
  });
  answer_groups(run, all, out);
}

/// All that is to be done to states between merging and reading them.
void GroupBy::complete(MergedGroups& groups) const {
  if (subtotals_) note_dimensions(groups);
  merge_alone(groups);
}

void GroupBy::merge_alone(MergedGroups& groups) const {
  const AggregatorSet& set = *outputs().aggregators();
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (set.factory(i).trivially_destroyed()) continue;  // numbers, which merging leaves as they are
    for (std::uint32_t group = 0; group < groups.size(); ++group) {
      poll();
      set.factory(i).merge_alone(groups.states(group) + set.offset(i));
    }
  }
}

/// Tells the aggregators which dimensions the groups have: by the names of their columns, not those of the output, as
/// Druid does.
void GroupBy::note_dimensions(MergedGroups& groups) const {
  std::vector<std::vector<std::string>> names(subtotals_->size());
  for (std::size_t i = 0; i < names.size(); ++i)
    for (std::size_t dimension = 0; dimension < dimensions().size(); ++dimension)
      if ((*subtotals_)[i][dimension]) names[i].push_back(dimensions()[dimension].dimension);
  const AggregatorSet& set = *outputs().aggregators();
  for (std::uint32_t group = 0; group < groups.size(); ++group) {
    poll();
    const auto subtotal = static_cast<std::size_t>(std::get<std::int64_t>(groups.value(group, dimensions().size())));
    for (std::size_t i = 0; i < set.size(); ++i)
      set.factory(i).note_dimensions(groups.states(group) + set.offset(i), names[subtotal]);
  }
}

}  // namespace sarsen::engine
