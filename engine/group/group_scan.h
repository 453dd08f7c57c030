#pragma once
// Grouping: the one pipeline behind timeseries, topN and groupBy. A GroupScan reads a range of rows of one segment and
// ends with groups, each a bucket of time, an id per dimension, and a row of aggregator states. Parts of several ranges
// and segments meet in merged_groups.h.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/aggregator/aggregator_set.h"
#include "engine/group/dimension.h"
#include "engine/group/direct_groups.h"
#include "engine/group/group_table.h"
#include "engine/group/packed_groups.h"
#include "engine/group/time_buckets.h"
#include "engine/scan/vector_cursor.h"
#include "engine/time/granularity.h"
#include "storage/base/large_vector.h"

namespace sarsen::engine {

/// What is grouped by and aggregated. Shared by all scans of a query.
struct Grouping {
  std::shared_ptr<const Granularity> granularity;
  std::vector<DimensionSpec> dimensions;
  std::shared_ptr<const AggregatorSet> aggregators;
  /// What names the tables that the rows are of, for texts that queries share (shared_texts.h); empty: they share none.
  std::string tables;
  /// Whether a multi-valued row without any value is in the group of null (groupBy) or in none (topN).
  bool empty_rows_are_null = true;
  bool backwards = false;  // the rows of a segment are read from the last to the first
};

/// Belongs to one thread while it runs; then read by the one that merges.
class GroupScan {
 public:
  /// `grouping` and `control` must outlive it.
  GroupScan(const Grouping& grouping, std::shared_ptr<const ScanPlan> plan, std::uint32_t begin_row,
            std::uint32_t end_row, const QueryControl& control);

  /// Leaves out the rows of all groups but those of one of `count` parts, which have different groups.
  void set_part(std::uint32_t part, std::uint32_t count) noexcept {
    part_ = part;
    parts_ = count;
    if (parts_ > 1) direct_ = DirectGroups();
  }

  /// Reads everything. Throws kResourceLimit when the groups take more than `bytes_max`. Only absorb() and settle() may
  /// follow.
  void run(std::size_t bytes_max);
  /// The same until the groups take more than `bytes_max`: false then, and the scan is of no use. Settles.
  bool run_within(std::size_t bytes_max);
  /// Leaves only groups that have rows, so that they can be asked for. To be called once all of the same segment that
  /// are at hand are absorbed.
  void settle();
  /// The same; may leave out groups that are not wanted. REQUIRES: all rows of the groups were read by this.
  void settle(const BestWanted& wanted);
  /// How much of its rows it has read, 0 to 1.
  double progress() const noexcept;

  /// Adds the groups of `next`, which read rows of the same segment after these, by their ids. False, with nothing
  /// changed, where the ids of one cursor mean nothing to another: such groups meet by value.
  bool absorb(GroupScan& next);
  /// Where absorb() would only merge arrays by key: pieces of these may be merged at the same time, each of its own
  /// keys. Calls absorb_keys() for all `keys()`.
  bool absorbs_by_key(const GroupScan& next) const;
  std::uint32_t keys() const noexcept { return direct_.size(); }
  void absorb_keys(const GroupScan& next, std::uint32_t begin, std::uint32_t end) noexcept;
  /// Whether it would take them.
  bool understands(const GroupScan& next) const;

  const Grouping& grouping() const noexcept { return grouping_; }
  std::uint32_t groups() const noexcept { return states_.size(); }
  /// 0 where the granularity is `all`.
  std::int64_t bucket_ms(std::uint32_t group) const noexcept;
  const std::uint32_t* ids(std::uint32_t group) const noexcept { return ids_.data() + group * dimensions_.size(); }
  const DimensionReader& dimension(std::size_t i) const noexcept { return *dimensions_[i]; }
  const std::byte* states(std::uint32_t group) const noexcept { return states_.row(group); }
  /// What the states of a group hold elsewhere, in the mean.
  std::int64_t bytes_elsewhere() const noexcept;
  std::byte* states(std::uint32_t group) noexcept { return states_.row(group); }
  /// Leaves no states here.
  StateRows take_states() noexcept { return std::move(states_); }
  /// What it takes, states with what they hold elsewhere included.
  std::size_t bytes() const noexcept;

 private:
  void fold_vector();
  void bind_keys();
  bool fold_run();
  std::optional<std::uint32_t> run_bucket(std::uint32_t begin);
  void fold_buckets();
  bool fold_bucket_runs(const std::int64_t* times_ms);
  void fold_dimensions();
  void fold_one(std::uint32_t group, const Selection& selection);
  bool read_within(std::size_t bytes_max);
  // group_scan_direct.cc: keys of 32 bits, by row of the vector
  std::uint32_t direct_keys(std::uint32_t rows) const;
  void read_keys();
  bool fold_one_bucket();
  bool fold_few(std::uint32_t bucket);
  MaskedGroups mask_groups(std::uint32_t bucket, std::uint32_t present);
  const std::uint32_t* list_keys();
  const std::uint32_t* groups_from(std::uint32_t first, const std::uint32_t* keys);
  std::uint32_t few_group(std::uint32_t bucket, std::uint32_t key);
  bool is_of_part(std::uint64_t key) const noexcept;
  void fold_direct(std::uint32_t bucket);
  void fold_direct_rows(std::uint32_t first, const std::uint32_t* groups);
  bool make_direct_room();
  void start_packed();
  void unpack(const BestWanted* wanted = nullptr);
  bool shares_keys(const GroupScan& next) const;
  void absorb_direct(const GroupScan& next);
  void absorb_packed(const GroupScan& next, std::uint32_t next_first, std::uint32_t first);
  void push_ids(std::uint32_t key);
  void note_direct_groups(LargeVector<std::uint32_t> groups);
  void index_groups();
  void list_rows();
  void start_keys();
  void key_by_bucket();
  void add_dimension(std::size_t i);
  void add_single(std::size_t i);
  void add_lists(std::size_t i);
  void add_ids(std::size_t i);
  void absorb_groups(GroupScan& next, std::uint32_t begin, std::uint32_t end);
  std::uint64_t radix(std::size_t i) const noexcept;
  void make_room(std::uint64_t radix);
  void keep_part();
  void find_groups();
  std::size_t known_bytes() const noexcept;
  void note_new_groups(std::uint32_t known, std::uint32_t groups);
  void expect_groups();
  std::uint32_t id_at(std::size_t dimension, std::uint32_t i) const { return row_ids_[ids_of_[dimension]][i]; }
  Selection listed() const noexcept;

  const Grouping& grouping_;
  std::shared_ptr<const ScanPlan> plan_;
  VectorCursor cursor_;
  BoundAggregators aggregators_;
  bool folds_runs_ = false;
  NumericSource<std::int64_t>* times_ = nullptr;  // nullptr: granularity all
  TimeBuckets buckets_;
  std::vector<std::unique_ptr<DimensionReader>> dimensions_;
  std::vector<std::size_t> keyed_;   // the dimensions that a key is made of: all but those that depend on others
  std::vector<std::size_t> ids_of_;  // by dimension: the keyed one whose ids it has

  std::uint32_t small_keys_ = 0;  // how many keys there are without buckets; 0: too many, or not known
  DirectGroups direct_;
  PackedGroups packed_;                      // in place of states_, until settle()
  const std::uint32_t* row_keys_ = nullptr;  // below small_keys_
  std::vector<std::uint32_t> made_keys_;
  // Of a vector whose rows are told apart by masks, by group (masked_groups.h).
  std::vector<std::uint64_t> group_masks_;
  std::array<std::uint32_t, kMaskedKeys> masked_groups_;
  std::array<std::uint32_t, kMaskedKeys> group_rows_;

  GroupTable table_;
  std::vector<GroupTable> pairs_;  // where keys would outgrow 64 bits: the key so far, made dense
  StateRows states_;
  std::vector<std::uint32_t> bucket_of_group_;
  LargeVector<std::uint32_t> ids_;  // groups x dimensions

  // One vector's work: the selected rows, repeated where they have several values.
  std::vector<std::uint32_t> rows_;
  bool all_rows_ = false;  // rows_ is 0, 1, 2, … to the end of the vector
  std::vector<std::uint32_t> row_buckets_;
  std::vector<std::vector<std::uint32_t>> row_ids_;  // by dimension, of those that are keyed
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> row_groups_;
  std::vector<std::uint32_t> sources_;  // which entry a repeated one came from
  std::int64_t gained_bytes_ = 0;       // by the thread that ran it
  std::uint32_t begin_row_;
  std::uint32_t end_row_;
  std::uint32_t part_ = 0;
  std::uint32_t parts_ = 1;
  bool is_row_a_group_ = false;  // no two rows of the segment have the same key
  std::size_t pair_ = 0;
  unsigned __int128 key_space_ = 1;
};

}  // namespace sarsen::engine
