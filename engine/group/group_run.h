#pragma once
// Groups on disk: a run is a part of a spill file that holds groups in some order, each a record of its bucket, its
// values, its tag and its states (AggregatorFactory::save). Runs are read forwards, a block of groups at a time. Not
// thread-safe.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/group/group_ordering.h"
#include "engine/group/merged_groups.h"
#include "engine/group/spill_file.h"

namespace sarsen::engine {

struct GroupRun {
  std::uint64_t begin;
  std::uint64_t end;
};

/// Writes these groups, in this order.
GroupRun write_run(const MergedGroups& groups, std::span<const std::uint32_t> order, SpillFile& file);

class GroupRunReader {
 public:
  /// `grouping` and `file` must outlive it.
  /// About `block_bytes` are read at a time.
  GroupRunReader(const Grouping& grouping, const SpillFile& file, const GroupRun& run, std::size_t block_bytes);

  /// The group that is next; none where `ended`.
  bool ended() const noexcept { return block_ == nullptr; }
  GroupRef head() const noexcept { return {block_.get(), next_}; }
  MergedGroups& head_groups() noexcept { return *block_; }
  void advance();

 private:
  void load_block();
  void fill(std::size_t bytes);
  std::size_t record_bytes();

  const Grouping& grouping_;
  const SpillFile& file_;
  GroupRun left_;  // what is not yet in `bytes_`
  std::size_t block_bytes_;
  std::vector<std::byte> bytes_;
  std::size_t position_ = 0;
  std::unique_ptr<MergedGroups> block_;
  std::uint32_t next_ = 0;
};

/// Runs as one, in their common order; of groups that are equal in it, those of earlier runs first.
class MergedRuns {
 public:
  /// `joins`: groups that are equal become one, merged in that order, those of one tag first. `bytes_max`: what all
  /// that is read ahead may take, but for the least that each run needs.
  MergedRuns(const Grouping& grouping, const SpillFile& file, const std::vector<GroupRun>& runs,
             const GroupOrdering& order, bool joins, std::size_t bytes_max);

  /// Moves some groups, the next ones, to the end of `into`; false: there are none. About `bytes_max` bytes of them.
  bool next(MergedGroups& into, std::size_t bytes_max);

 private:
  bool is_after(std::size_t left, std::size_t right) const;
  void take(MergedGroups& into);
  void advance();

  const GroupOrdering& order_;
  bool joins_;
  std::vector<std::unique_ptr<GroupRunReader>> readers_;
  std::vector<std::size_t> heap_;  // of readers; the front's head is next
};

}  // namespace sarsen::engine
