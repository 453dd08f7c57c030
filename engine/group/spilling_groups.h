#pragma once
// Groups that may outgrow their memory (GroupLimits). They are merged in memory for as long as they fit; then they are
// written to disk, sorted, as a run, and so on with what comes after; in the end the runs are read as one (MergedRuns).
// README.md says what is the same whether or not anything was spilled, and how. Not thread-safe.

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "engine/group/group_limits.h"
#include "engine/group/group_run.h"

namespace sarsen::engine {

class SpillingGroups {
 public:
  /// What becomes of equal groups: one group, or as many as they are.
  enum class Equals : std::uint8_t { kMerged, kKept };

  /// All three must outlive it. `space`: that of the query.
  SpillingGroups(const Grouping& grouping, const GroupLimits& limits, const GroupOrdering& order,
                 std::shared_ptr<SpillSpace> space, Equals equals = Equals::kMerged);

  // Each throws kResourceLimit, in Druid's words, where the groups outgrow memory or disk.
  /// Adds the groups of some rows. Those of one `plan` come one after the other, in the order of their rows, and are
  /// merged with each other before they are merged with those of other plans.
  void add(std::unique_ptr<GroupScan> scan, std::size_t plan);
  /// Adds groups of a plan of their own.
  void add(const KeptGroups& part);
  /// Adds what rows of many plans were folded into. REQUIRES: nothing may be spilled.
  void add(std::unique_ptr<MergedGroups> groups);
  void add_subtotal(const MergedGroups& base, std::span<const std::uint32_t> groups, const std::vector<bool>& kept,
                    std::int64_t number);
  /// REQUIRES: Equals::kKept.
  void take(MergedGroups& other, std::uint32_t group);
  /// To be called after the last add().
  void finish();
  /// Until something is spilled, visit(plan, groups) is called with the groups of each plan before they meet those of
  /// others.
  using Visit = std::function<void(std::size_t, const GroupScan&)>;
  void set_visit(Visit visit) { visit_ = std::move(visit); }
  /// No more than so many groups are wanted, the first in their order: runs are cut there.
  void set_wanted(std::uint64_t groups) { wanted_ = groups; }

  bool spilled() const noexcept { return !runs_.empty(); }
  const GroupLimits& limits() const noexcept { return limits_; }
  const Grouping& grouping() const noexcept { return grouping_; }
  const std::shared_ptr<SpillSpace>& space() const noexcept { return space_; }
  /// REQUIRES: !spilled().
  MergedGroups& in_memory() noexcept { return *groups_; }

  /// To be called once, in the end. Calls visit(groups, rows) with all groups in their order, rows after rows of
  /// groups; false ends it.
  void for_each_sorted(const std::function<bool(MergedGroups&, std::vector<std::uint32_t>&)>& visit);

 private:
  bool is_apart() const noexcept { return spilled() && !associative_; }
  void add_apart(std::unique_ptr<GroupScan> scan, std::size_t plan);
  template <class Part>
  void add_in_turns(Part& part, std::uint32_t groups, std::uint32_t tag);
  void join_current();
  void merge(std::unique_ptr<GroupScan> scan);
  std::uint64_t merged_bytes_max() const noexcept;
  void spill_if_full();
  void spill_if_adopted();
  void check_spillable(const char* message) const;
  void spill();
  void write();

  const Grouping& grouping_;
  GroupLimits limits_;
  const GroupOrdering& order_;
  std::shared_ptr<SpillSpace> space_;
  Equals equals_;
  bool associative_;
  Visit visit_;
  std::uint64_t wanted_ = UINT64_MAX;
  std::unique_ptr<MergedGroups> groups_;
  std::unique_ptr<GroupScan> current_;  // of the plan that is being added; apart: only its dimensions count
  std::size_t current_plan_ = 0;
  std::uint32_t tag_ = 0;            // of what is being added
  std::unique_ptr<SpillFile> file_;  // from the first run on
  std::vector<GroupRun> runs_;
};

}  // namespace sarsen::engine
