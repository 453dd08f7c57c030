// Vectors whose groups are found without a table. Keys are the dictionary ids of single-valued dimensions, put
// together; where they are few enough, a key is a group (direct_groups.h). Where a vector has only a handful of groups,
// its rows are told apart by masks, and each group's are folded as those of a query without dimensions are; so are
// those of up to 32 groups by aggregators whose state is the same to the last bit then. Which way the others of a
// vector go depends on its rows and on the dictionaries only, so that sums are the same to the last bit whatever the
// limits of memory make of the scan.

#include <algorithm>
#include <bit>
#include <span>
#include <utility>

#include "engine/aggregator/float_sums.h"
#include "engine/group/group_scan.h"
#include "engine/kernels/kernels.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {
namespace {

/// So many keys are direct whatever the number of rows.
constexpr std::uint32_t kFewKeys = 1 << 12;
/// With a filter, rows may be few: then keys must be fewer than rows by this much.
constexpr std::uint32_t kRowsPerKeyFiltered = 16;
/// A pass over a vector for each group costs less than scattering its rows, up to so many.
constexpr int kMaskedGroups = 6;

}  // namespace

/// The product of the dimensions' keys, if states may be indexed by it.
std::uint32_t GroupScan::direct_keys(std::uint32_t rows) const {
  const bool filtered = plan_->filter != nullptr || !plan_->index_rows.empty();
  const std::uint32_t keys_max = std::max(kFewKeys, filtered ? rows / kRowsPerKeyFiltered : rows);
  std::uint64_t keys = dimensions_.empty() ? 0 : 1;
  for (const std::size_t i : keyed_) {
    if (dimensions_[i]->multiple_values() || dimensions_[i]->radix() > keys_max) return 0;
    keys *= dimensions_[i]->radix();
    if (keys > keys_max) return 0;
  }
  return static_cast<std::uint32_t>(keys);
}

/// Keys of all rows of the vector, whether they are selected or not.
void GroupScan::read_keys() {
  const std::uint32_t size = cursor_.selection().size;
  row_keys_ = dimensions_[keyed_[0]]->read_ids(cursor_.begin(), size);
  if (keyed_.size() == 1) return;
  made_keys_.resize(size);
  for (const std::size_t i : std::span(keyed_).subspan(1)) {
    const auto radix = static_cast<std::uint32_t>(dimensions_[i]->radix());
    const std::uint32_t* ids = dimensions_[i]->read_ids(cursor_.begin(), size);
    kernels::join_keys(row_keys_, radix, ids, size, made_keys_.data());
    row_keys_ = made_keys_.data();
  }
}

/// False: nothing was done. The rows are of several buckets, or their groups are to be found in the table.
bool GroupScan::fold_one_bucket() {
  const Selection& selection = cursor_.selection();
  std::uint32_t bucket = 0;
  if (times_ != nullptr) {
    row_buckets_.resize(selection.count);
    const std::int64_t* times = times_->read(cursor_.begin(), selection.size).values;
    const bool one_bucket = buckets_.assign(times, selection, row_buckets_.data());
    bucket = row_buckets_[0];
    if (direct_.active() && !make_direct_room()) {
      aggregators_.finish(states_.row(0));
      settle();
      index_groups();
    }
    if (!one_bucket) {
      if (!direct_.active()) return false;
      read_keys();
      list_rows();
      row_groups_.resize(rows_.size());
      for (std::size_t i = 0; i < rows_.size(); ++i)
        row_groups_[i] = row_buckets_[i] * small_keys_ + row_keys_[rows_[i]];
      fold_direct_rows(0, row_groups_.data());
      return true;
    }
  }
  if (!direct_.active() && small_keys_ > kMaskedKeys) return false;
  read_keys();
  if (fold_few(bucket)) return true;
  if (!direct_.active()) return false;
  fold_direct(bucket);
  return true;
}

/// Rows of few groups, told apart by masks: of a handful, or where an aggregator folds exactly, which it then does of
/// any of these; the others' rows go one by one. False: nothing was done.
bool GroupScan::fold_few(std::uint32_t bucket) {
  const Selection& selection = cursor_.selection();
  if (small_keys_ > kMaskedKeys || selection.positions != nullptr) return false;
  const std::uint32_t present = kernels::ids_present(row_keys_, selection.size);
  // Sums of floats are to be added row by row.
  const bool handful = std::popcount(present) <= kMaskedGroups && !sums_floats(*grouping_.aggregators);
  if (!handful && (!direct_.active() || aggregators_.exact_count() == 0)) return false;
  const MaskedGroups groups = mask_groups(bucket, present);
  if (handful) {
    if (groups.count > 0) {
      aggregators_.finish(states_.row(0));
      aggregators_.fold_masked(states_.row(0), groups, cursor_.begin());
    }
    return true;
  }
  aggregators_.fold_exact_masked(states_.row(0), groups, cursor_.begin());
  if (aggregators_.exact_count() == aggregators_.size()) return true;
  const std::uint32_t* row_groups = groups_from(bucket * small_keys_, list_keys());
  aggregators_.fold_inexact_groups(states_.row(0), row_groups, cursor_.begin(), listed());
  return true;
}

/// The groups of the vector's keys, and their rows. What it gives is valid until the next call.
MaskedGroups GroupScan::mask_groups(std::uint32_t bucket, std::uint32_t present) {
  const Selection& selection = cursor_.selection();
  const bool alone = std::has_single_bit(present);
  if (parts_ > 1)
    for (std::uint32_t keys = present; keys != 0; keys &= keys - 1) {
      const auto key = static_cast<std::uint32_t>(std::countr_zero(keys));
      if (!is_of_part(std::uint64_t{bucket} * small_keys_ + key)) present &= ~(std::uint32_t{1} << key);
    }
  if (alone && present != 0) {
    masked_groups_[0] = few_group(bucket, static_cast<std::uint32_t>(std::countr_zero(present)));
    group_rows_[0] = selection.count;
    return {selection.size, 1, masked_groups_.data(), selection.mask, group_rows_.data()};
  }
  group_masks_.resize(std::size_t{kMaskedKeys} * kVectorWords);
  kernels::key_masks(row_keys_, selection.size, present, selection.mask, group_masks_.data(), kVectorWords,
                     group_rows_.data());
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; present != 0; present &= present - 1, ++i) {
    if (group_rows_[i] == 0) continue;
    masked_groups_[count] = few_group(bucket, static_cast<std::uint32_t>(std::countr_zero(present)));
    if (count != i) {
      std::copy_n(group_masks_.data() + i * kVectorWords, kVectorWords, group_masks_.data() + count * kVectorWords);
      group_rows_[count] = group_rows_[i];
    }
    ++count;
  }
  return {selection.size, count, masked_groups_.data(), group_masks_.data(), group_rows_.data()};
}

/// The group of a key, made where it is new.
std::uint32_t GroupScan::few_group(std::uint32_t bucket, std::uint32_t key) {
  if (direct_.active()) {
    states_.grow_to(direct_.size());
    const std::uint32_t group = bucket * small_keys_ + key;
    direct_.note(group);
    return group;
  }
  std::uint64_t whole = std::uint64_t{bucket} * small_keys_ + key;
  std::uint32_t group = 0;
  table_.find_or_add(&whole, 1, &group);
  if (group == states_.size()) {
    states_.grow_to(group + 1);
    if (times_ != nullptr) bucket_of_group_.push_back(bucket);
    push_ids(key);
  }
  return group;
}

void GroupScan::fold_direct(std::uint32_t bucket) {
  const std::uint32_t* keys = list_keys();
  fold_direct_rows(bucket * small_keys_, keys);
}

/// Lists the rows; gives their keys.
const std::uint32_t* GroupScan::list_keys() {
  list_rows();
  if (all_rows_) return row_keys_;
  row_groups_.resize(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) row_groups_[i] = row_keys_[rows_[i]];
  return row_groups_.data();
}

/// The rows of rows_ into groups first + groups[i].
void GroupScan::fold_direct_rows(std::uint32_t first, const std::uint32_t* groups) {
  if (packed_.active()) {
    packed_.grow_to(direct_.size());
    if (!packed_.fold(first, groups, cursor_.begin(), listed())) direct_.note(first, groups, rows_.size());
    return;
  }
  states_.grow_to(direct_.size());
  direct_.note(first, groups, rows_.size());
  aggregators_.fold_groups(states_.row(0), groups_from(first, groups), cursor_.begin(), listed());
}

/// Groups of rows_, all counted from the first state, as those of deferred rows are.
const std::uint32_t* GroupScan::groups_from(std::uint32_t first, const std::uint32_t* keys) {
  if (first == 0) return keys;
  row_groups_.resize(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) row_groups_[i] = first + keys[i];
  return row_groups_.data();
}

/// Where no vector can take another way (fold_few), as these go by rows of states.
void GroupScan::start_packed() {
  if (!direct_.active() || small_keys_ <= kMaskedKeys) return;
  packed_ = PackedGroups(*grouping_.aggregators, cursor_.columns(), plan_->end_row - plan_->begin_row);
  packed_.grow_to(direct_.size());
}

/// False: with these many buckets, most keys would be of no row.
bool GroupScan::make_direct_room() {
  const std::uint64_t wanted = std::uint64_t{buckets_.size()} * small_keys_;
  if (wanted > std::max<std::uint64_t>(std::uint64_t{1} << 16, end_row_ - begin_row_)) return false;
  direct_.grow_to(buckets_.size());
  return true;
}

/// The ids that a key was put together from.
void GroupScan::push_ids(std::uint32_t key) {
  if (dimensions_.size() == 1) return ids_.push_back(key);
  std::uint32_t* const ids = ids_.extend(dimensions_.size());
  for (auto i = keyed_.rbegin(); i != keyed_.rend(); ++i) {
    const auto radix = static_cast<std::uint32_t>(dimensions_[*i]->radix());
    ids[*i] = key % radix;
    key /= radix;
  }
  for (std::size_t i = 0; i < dimensions_.size(); ++i) ids[i] = ids[ids_of_[i]];
}

/// What the groups that stay stand for.
void GroupScan::note_direct_groups(LargeVector<std::uint32_t> groups) {
  if (times_ == nullptr && dimensions_.size() == 1) {
    ids_ = std::move(groups);
    return;
  }
  for (const std::uint32_t group : std::span(groups.data(), groups.size())) {
    if (times_ != nullptr) bucket_of_group_.push_back(group / small_keys_);
    push_ids(group % small_keys_);
  }
}

void GroupScan::settle() {
  if (!direct_.active()) return;
  if (packed_.active()) return unpack();
  std::uint32_t kept = 0;
  states_.grow_to(direct_.size());
  LargeVector<std::uint32_t> groups = direct_.list_met();
  for (const std::uint32_t group : std::span(groups.data(), groups.size())) {
    if (kept != group) states_.swap(kept, group);
    ++kept;
  }
  states_.shrink_to(kept);
  note_direct_groups(std::move(groups));
  direct_ = DirectGroups();
}

/// Puts groups that settle() left into the table.
void GroupScan::index_groups() {
  for (std::uint32_t group = table_.size(); group < groups() && !dimensions_.empty(); ++group) {
    std::uint64_t key = times_ != nullptr ? bucket_of_group_[group] : 0;
    for (const std::size_t i : keyed_) key = key * radix(i) + ids(group)[i];
    std::uint32_t found = 0;
    table_.find_or_add(&key, 1, &found);
  }
}

bool GroupScan::shares_keys(const GroupScan& next) const {
  if (!direct_.active() || direct_.keys() != next.direct_.keys()) return false;
  if (packed_.active() != next.packed_.active()) return false;
  for (std::size_t i = 0; i < dimensions_.size(); ++i)
    if (!dimensions_[i]->shares_ids(*next.dimensions_[i])) return false;
  return true;
}

void GroupScan::absorb_direct(const GroupScan& next) {
  for (std::uint32_t begin = 0; begin < next.direct_.size(); begin += small_keys_) {
    std::uint32_t bucket = 0;
    if (times_ != nullptr) {
      if (begin / small_keys_ >= next.buckets_.size()) return;  // there is room for a bucket, and no row came
      bucket = buckets_.bucket_of(next.buckets_.start_ms(begin / small_keys_));
    }
    direct_.grow_to(bucket + 1);
    if (packed_.active()) {
      absorb_packed(next, begin, bucket * small_keys_);
      continue;
    }
    states_.grow_to(direct_.size());
    for (std::uint32_t key = 0; key < small_keys_; ++key) {
      if (!next.direct_.met(begin + key)) continue;
      const std::uint32_t group = bucket * small_keys_ + key;
      direct_.note(group);
      grouping_.aggregators->merge(states_.row(group), next.states_.row(begin + key));
    }
  }
}

}  // namespace sarsen::engine
