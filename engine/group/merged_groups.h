#pragma once
// Groups of a whole query: parts from several scans, joined by value. Merging in the order of the rows makes sums of
// floating numbers the same on any number of threads. Groups can also be kept apart, in the order in which they come,
// on their way to disk and back; each then has the tag of the part that it is of. Not thread-safe.

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/aggregator/aggregator_set.h"
#include "engine/group/group_scan.h"
#include "engine/group/group_tuples.h"
#include "engine/group/kept_groups.h"
#include "engine/group/value_numbers.h"
#include "engine/group/value_translation.h"

namespace sarsen::engine {

/// Groups of a part, by their numbers.
struct GroupRange {
  std::uint32_t begin;
  std::uint32_t end;
};

class MergedGroups {
 public:
  /// `grouping` must outlive it.
  explicit MergedGroups(const Grouping& grouping);

  /// Parts must come in the order of their rows. The groups of the first are taken as they are, with its ids as numbers
  /// of values, so that a query of one segment looks up no value and makes only those that it shows.
  void add(std::unique_ptr<GroupScan> part);
  /// The same of groups that were kept.
  void add(const KeptGroups& part);
  /// Adds some groups by value, never taking them as they are: of a part piece by piece, each group once. What their
  /// states own may be here afterwards.
  void add_by_value(GroupScan& part, GroupRange range);
  void add_by_value(const KeptGroups& part, GroupRange range);
  /// Whether add_rows() can read this plan.
  bool takes_rows(const ScanPlan& plan) const;
  /// Folds each row of the plan into its group here. `rows`: how many there are in all such plans. REQUIRES:
  /// takes_rows(); aggregators merge associatively, and their states own nothing.
  void add_rows(const ScanPlan& plan, const QueryControl& control, std::uint64_t rows);
  /// The groups of other plans. REQUIRES: neither adopted groups.
  void add(const MergedGroups& other);
  /// Keeps these groups apart from all others.
  void append(GroupScan& part, GroupRange range, std::uint32_t tag);
  void append(const KeptGroups& part, GroupRange range, std::uint32_t tag);
  /// A group of its own, with the states that are read from `states` (AggregatorSet::load); gives its number.
  std::uint32_t append(std::int64_t bucket_ms, std::vector<Value> values, std::uint32_t tag, ByteReader& states);
  /// A group of its own with what group `group` of `other` has, whose states are initial afterwards; gives its number.
  std::uint32_t take(MergedGroups& other, std::uint32_t group);
  /// Adds these groups of `other`, whose grouping is the same; gives their numbers here.
  std::vector<std::uint32_t> add_groups(const MergedGroups& other, std::span<const std::uint32_t> groups);
  /// Back to initial states.
  void reset(std::uint32_t group);
  /// Adds `groups` of `base`, in that order, by those of its dimensions only that `kept` says: the others are null. The
  /// last dimension here, one more than `base` has, holds `number`. Where `apart`, each is kept apart, with a tag of
  /// its own.
  void add_subtotal(const MergedGroups& base, std::span<const std::uint32_t> groups, const std::vector<bool>& kept,
                    std::int64_t number, bool apart = false);
  /// Adds the group of bucket 0 with initial states. REQUIRES: no dimensions.
  void add_initial() { find_or_add({bucket_number(0)}); }

  std::uint32_t size() const noexcept { return states_.size(); }
  std::int64_t bucket_ms(std::uint32_t group) const noexcept { return bucket_starts_ms_[tuple(group)[0]]; }
  const Value& value(std::uint32_t group, std::size_t dimension) const noexcept {
    return values_[dimension].value(tuple(group)[dimension + 1]);
  }
  /// The same, of which nothing stays here.
  Value made_value(std::uint32_t group, std::size_t dimension) const {
    return values_[dimension].made(tuple(group)[dimension + 1]);
  }
  /// As the answer shows it.
  Value shown(std::uint32_t group, std::size_t dimension) const {
    return grouping_->dimensions[dimension].shown(value(group, dimension));
  }
  /// Equal exactly where the values are, unless groups are kept apart.
  std::uint32_t value_number(std::uint32_t group, std::size_t dimension) const noexcept {
    return tuple(group)[dimension + 1];
  }
  /// True: value_number() ascends with the values, null first.
  bool numbers_ascend(std::size_t dimension) const noexcept {
    return first_ != nullptr && first_->dimension(dimension).ids_ascend();
  }
  /// True: its values are not made yet, so that it may grow to several times its bytes() when others come.
  bool is_adopted() const noexcept { return first_ != nullptr; }
  std::byte* states(std::uint32_t group) noexcept { return states_.row(group); }
  const std::byte* states(std::uint32_t group) const noexcept { return states_.row(group); }
  std::size_t dimensions() const noexcept { return tuples_.width() - 1; }
  const Grouping& grouping() const noexcept { return *grouping_; }
  std::uint32_t tag(std::uint32_t group) const noexcept { return group < tags_.size() ? tags_[group] : 0; }

  /// What it takes, states with what they hold elsewhere and values included.
  std::size_t bytes() const noexcept;
  /// What Druid takes the dictionary of its texts for; adopted ones are not known.
  std::uint64_t dictionary_bytes() const noexcept;

 private:
  class RowBuckets;

  const std::uint32_t* tuple(std::uint32_t group) const noexcept { return tuples_[group]; }
  std::uint32_t bucket_number(std::int64_t start_ms);
  bool can_adopt(const GroupScan& part) const;
  void adopt(std::unique_ptr<GroupScan> part);
  void index_first();
  void renumber(std::size_t dimension);
  ValueTranslation share(std::size_t dimension);
  void share(std::size_t dimension, const ScanPlan& plan, std::uint64_t rows);
  void number_apart(std::size_t dimension, std::span<const std::uint32_t> ids, std::vector<bool>& given,
                    std::uint32_t* out);
  void release_first();
  ValueTranslation translation(const GroupScan& part, std::size_t dimension);
  ValueTranslation translation(const KeptGroups& part, std::size_t dimension);
  template <class Part>
  void merge_by_value(Part& part, GroupRange range);
  template <class Find>
  void merge(GroupScan& part, GroupRange range, Find find);
  template <class Find>
  void merge(const KeptGroups& part, GroupRange range, Find find);
  template <class Part, class Number, class Find>
  void merge(Part& part, GroupRange range, Number number, Find find);
  void merge_block(GroupScan& part, std::uint32_t begin, GroupBlock& block, std::uint32_t known);
  void merge_block(const KeptGroups& part, std::uint32_t begin, GroupBlock& block, std::uint32_t known);
  template <class Part>
  void number_buckets(const Part& part, std::uint32_t begin, GroupBlock& block);
  void number_values(const MergedGroups& other, std::span<const std::uint32_t> groups, std::size_t dimension,
                     std::uint32_t* numbers);
  void translate_values(const MergedGroups& base, std::span<const std::uint32_t> groups, std::size_t dimension,
                        ValueTranslation& translation, std::uint32_t* ours);
  void push_apart(GroupBlock& block);
  void merge_states(const MergedGroups& other, std::span<const std::uint32_t> groups, GroupBlock& block);
  std::uint32_t append_values(std::int64_t bucket_ms, std::vector<Value> values, std::uint32_t tag);
  std::uint32_t append_tuple(const std::vector<std::uint32_t>& tuple, std::uint32_t tag);
  std::uint32_t find_or_add(const std::vector<std::uint32_t>& tuple);

  const Grouping* grouping_;
  std::vector<std::int64_t> bucket_starts_ms_;
  boost::unordered_flat_map<std::int64_t, std::uint32_t> bucket_numbers_;
  std::vector<ValueNumbers> values_;
  GroupTuples tuples_;
  StateRows states_;
  std::vector<std::uint32_t> tags_;         // of groups that are kept apart
  std::int64_t gained_bytes_ = 0;           // by the thread while it worked here
  std::unique_ptr<const GroupScan> first_;  // its groups were adopted, and only it knows their values
  std::size_t adopted_bytes_ = 0;           // what stayed of it when others came
};

template <class Part>
void MergedGroups::number_buckets(const Part& part, std::uint32_t begin, GroupBlock& block) {
  std::int64_t known_ms = part.bucket_ms(begin);
  std::uint32_t bucket = bucket_number(known_ms);
  for (std::uint32_t j = 0; j < block.size(); ++j) {
    const std::int64_t start_ms = part.bucket_ms(begin + j);
    if (start_ms != known_ms) bucket = bucket_number(start_ms);
    known_ms = start_ms;
    block.column(0)[j] = bucket;
  }
}

}  // namespace sarsen::engine
