#include "engine/group/group_scan.h"

#include <algorithm>
#include <numeric>

#include "engine/group/dependent_dimension.h"
#include "engine/kernels/kernels.h"
#include "storage/base/check.h"
#include "storage/base/memory_count.h"

namespace sarsen::engine {
namespace {

/// Key spaces up to this are indexed as arrays: 256 KiB of group numbers, which stays in a core's own cache. Greater
/// ones are where there are rows enough: one miss of the cache a row is better than a hash table's two.
constexpr std::uint64_t kDenseKeys = 1 << 16;

/// With so much memory, some is spent on speed: room for groups to come, rows that are deferred.
constexpr std::size_t kMuchMemory = std::size_t{256} << 20;
/// Rows are deferred where the states of so many groups do not stay in a core's own cache.
constexpr std::uint32_t kGroupsToDefer = 1 << 10;

/// The number of time buckets is not known before the scan; keys leave room for this many.
constexpr std::uint64_t kBucketRadix = std::uint64_t{1} << 32;

/// `bucketed`: keys are of buckets, too. `keyed`: the dimensions that they are of besides.
std::uint64_t dense_keys(const std::vector<std::unique_ptr<DimensionReader>>& dimensions,
                         const std::vector<std::size_t>& keyed, bool bucketed, std::uint32_t rows) {
  if (keyed.size() == 1 && !bucketed && dimensions[keyed[0]]->counts_ids()) return rows + std::uint64_t{1};
  const std::uint64_t keys_max = std::max<std::uint64_t>(kDenseKeys, rows);
  std::uint64_t keys = 1;
  for (const std::size_t i : keyed) {
    if (dimensions[i]->radix() > keys_max / keys) return 0;
    keys *= dimensions[i]->radix();
  }
  if (keyed.empty()) return 0;
  return bucketed ? std::max(kDenseKeys, keys) : keys;
}

}  // namespace

GroupScan::GroupScan(const Grouping& grouping, std::shared_ptr<const ScanPlan> plan, std::uint32_t begin_row,
                     std::uint32_t end_row, const QueryControl& control)
    : grouping_(grouping),
      plan_(std::move(plan)),
      cursor_(*plan_, begin_row, end_row, control, grouping.backwards),
      aggregators_(*grouping.aggregators, cursor_.columns()),
      buckets_(*grouping.granularity, plan_->segment->sorted_by_time()),
      states_(*grouping.aggregators),
      begin_row_(begin_row),
      end_row_(end_row) {
  if (!grouping.granularity->is_all()) times_ = &cursor_.columns().longs(storage::kTimeColumn);
  dimensions_ = bind_dimensions(grouping.dimensions, plan_->virtual_columns.get(), cursor_.columns(),
                                {plan_->begin_row, plan_->end_row});
  bind_keys();
  small_keys_ = direct_keys(end_row - begin_row);
  direct_ = DirectGroups(small_keys_);
  if (small_keys_ > 0 && small_keys_ <= kMaskedKeys) aggregators_.find_exact(plan_->end_row - plan_->begin_row);
  if (!direct_.active()) table_ = GroupTable(dense_keys(dimensions_, keyed_, times_ != nullptr, end_row - begin_row));
  const auto multiple = [](const auto& dimension) { return dimension->multiple_values(); };
  const auto tells_apart = [](const auto& dimension) { return dimension->tells_rows_apart(); };
  is_row_a_group_ =
      !direct_.active() && std::ranges::none_of(dimensions_, multiple) && std::ranges::any_of(dimensions_, tells_apart);
  row_ids_.resize(dimensions_.size());
  folds_runs_ = dimensions_.empty() && aggregators_.folds_runs();
}

void GroupScan::bind_keys() {
  for (std::size_t i = 0; i < dimensions_.size(); ++i) {
    const DimensionReader* const on = depends_on(*dimensions_[i]);
    const auto is_on = [on](const auto& dimension) { return dimension.get() == on; };
    ids_of_.push_back(
        on == nullptr ? i : static_cast<std::size_t>(std::ranges::find_if(dimensions_, is_on) - dimensions_.begin()));
    if (on == nullptr) keyed_.push_back(i);
  }
}

void GroupScan::run(std::size_t bytes_max) {
  if (!read_within(bytes_max))
    throw Error(
        ErrorCategory::kResourceLimit,
        "The query's groups need more memory than sarsen.query.maxBytesPerQuery allows: " + std::to_string(bytes_max));
}

bool GroupScan::run_within(std::size_t bytes_max) {
  if (!read_within(bytes_max)) return false;
  settle();
  return true;
}

bool GroupScan::read_within(std::size_t bytes_max) {
  if (table_.dense_bytes_max() > bytes_max / 2) table_ = GroupTable();
  if (direct_.size() * (grouping_.aggregators->stride() + 1) > bytes_max / 2) direct_ = DirectGroups();
  start_packed();
  if (bytes_max >= kMuchMemory) expect_groups();
  while (cursor_.next()) {
    const std::int64_t before = thread_memory_bytes();
    if (!fold_run()) fold_vector();
    gained_bytes_ += thread_memory_bytes() - before;
    if (bytes() > bytes_max) return false;
    if (bytes_max >= kMuchMemory && states_.size() >= kGroupsToDefer) aggregators_.defer();
  }
  const std::int64_t before = thread_memory_bytes();
  aggregators_.finish(states_.row(0));
  gained_bytes_ += thread_memory_bytes() - before;
  return bytes() <= bytes_max;
}

/// Rows that were deferred come first.
void GroupScan::fold_one(std::uint32_t group, const Selection& selection) {
  aggregators_.finish(states_.row(0));
  aggregators_.fold(states_.row(group), cursor_.begin(), selection);
}

double GroupScan::progress() const noexcept {
  const double rows = std::max(1U, end_row_ - begin_row_);
  return (cursor_.begin() - begin_row_) / rows;
}

/// Where allocations are not counted, what is known by itself.
std::size_t GroupScan::bytes() const noexcept {
  return std::max(known_bytes(), static_cast<std::size_t>(std::max<std::int64_t>(gained_bytes_, 0)));
}

std::int64_t GroupScan::bytes_elsewhere() const noexcept {
  if (grouping_.aggregators->copies_initial_states()) return 0;
  const std::int64_t elsewhere = gained_bytes_ - static_cast<std::int64_t>(known_bytes());
  return std::max<std::int64_t>(elsewhere, 0) / std::max(states_.size(), 1U);
}

std::size_t GroupScan::known_bytes() const noexcept {
  const std::size_t unpacked = packed_.active() ? direct_.size() * grouping_.aggregators->stride() : 0;
  return states_.bytes() + table_.bytes() + direct_.bytes() + packed_.bytes() + unpacked + ids_.bytes() +
         bucket_of_group_.capacity() * sizeof(std::uint32_t);
}

std::int64_t GroupScan::bucket_ms(std::uint32_t group) const noexcept {
  if (times_ == nullptr) return 0;
  return buckets_.start_ms(dimensions_.empty() ? group : bucket_of_group_[group]);
}

void GroupScan::fold_vector() {
  if (dimensions_.empty() && times_ == nullptr) {
    states_.grow_to(1);
    fold_one(0, cursor_.selection());
  } else if (dimensions_.empty()) {
    fold_buckets();
  } else {
    fold_dimensions();
  }
}

void GroupScan::fold_dimensions() {
  if (small_keys_ > 0 && fold_one_bucket()) return;
  const std::int64_t before = thread_memory_bytes();
  start_keys();
  for (const std::size_t i : keyed_) add_dimension(i);
  gained_bytes_ -= thread_memory_bytes() - before;  // the ids of values: those of all parts
  if (parts_ > 1) keep_part();
  if (rows_.empty()) return;
  find_groups();
  aggregators_.fold_groups(states_.row(0), row_groups_.data(), cursor_.begin(), listed());
}

/// The selected rows, their buckets, and keys that hold only the bucket.
void GroupScan::start_keys() {
  list_rows();
  const Selection& selection = cursor_.selection();
  if (dimensions_.empty()) return;
  if (times_ != nullptr) {
    row_buckets_.resize(rows_.size());
    const std::int64_t* times = times_->read(cursor_.begin(), selection.size).values;
    if (buckets_.assign(times, selection, row_buckets_.data()))
      std::fill(row_buckets_.begin(), row_buckets_.end(), row_buckets_[0]);
  }
  key_by_bucket();
}

void GroupScan::list_rows() {
  const Selection& selection = cursor_.selection();
  if (selection.positions != nullptr) {
    rows_.assign(selection.positions, selection.positions + selection.count);
    all_rows_ = false;
  } else if (selection.mask != nullptr) {
    rows_.resize(selection.size + 64);
    rows_.resize(kernels::mask_to_positions(selection.mask, selection.size, rows_.data()));
    all_rows_ = false;
  } else if (!all_rows_ || rows_.size() != selection.size) {
    rows_.resize(selection.size);
    std::iota(rows_.begin(), rows_.end(), 0U);
    all_rows_ = true;
  }
}

void GroupScan::key_by_bucket() {
  pair_ = 0;
  if (times_ == nullptr) {
    keys_.assign(rows_.size(), 0);
    key_space_ = 1;
  } else {
    keys_.assign(row_buckets_.begin(), row_buckets_.end());
    key_space_ = kBucketRadix;
  }
}

void GroupScan::add_dimension(std::size_t i) {
  make_room(radix(i));
  if (dimensions_[i]->multiple_values()) {
    add_lists(i);
  } else {
    add_single(i);
  }
  key_space_ *= radix(i);
}

/// Ids that are counted are no more than the rows of the segment, null's on top: so keys of several dimensions mostly
/// fit into 64 bits.
std::uint64_t GroupScan::radix(std::size_t i) const noexcept {
  const std::uint64_t radix = dimensions_[i]->radix();
  return dimensions_[i]->counts_ids() ? std::min(radix, plan_->segment->row_count() + std::uint64_t{1}) : radix;
}

/// Where the next dimension would push the key past 64 bits, the key so far is exchanged for a dense number.
void GroupScan::make_room(std::uint64_t radix) {
  if (key_space_ * radix <= (static_cast<unsigned __int128>(1) << 63)) return;
  if (pair_ == pairs_.size()) pairs_.emplace_back();
  row_groups_.resize(keys_.size());
  pairs_[pair_].find_or_add(keys_.data(), static_cast<std::uint32_t>(keys_.size()), row_groups_.data());
  std::copy(row_groups_.begin(), row_groups_.end(), keys_.begin());
  key_space_ = std::uint64_t{1} << 31;
  check_format(pairs_[pair_].size() < (1U << 31), "more than 2^31 groups");
  ++pair_;
}

void GroupScan::add_single(std::size_t i) {
  const std::uint32_t* ids = dimensions_[i]->read_ids(cursor_.begin(), cursor_.selection().size);
  row_ids_[i].resize(rows_.size());
  if (all_rows_) {
    std::copy_n(ids, rows_.size(), row_ids_[i].begin());
  } else {
    for (std::size_t entry = 0; entry < rows_.size(); ++entry) row_ids_[i][entry] = ids[rows_[entry]];
  }
  add_ids(i);
}

/// Puts the ids of a dimension into the keys.
void GroupScan::add_ids(std::size_t i) {
  const std::uint64_t radix = this->radix(i);
  const std::uint32_t* ids = row_ids_[i].data();
  for (std::size_t entry = 0; entry < keys_.size(); ++entry) keys_[entry] = keys_[entry] * radix + ids[entry];
}

template <class T>
void take(std::vector<T>& values, const std::vector<std::uint32_t>& sources) {
  std::vector<T> taken(sources.size());
  for (std::size_t entry = 0; entry < sources.size(); ++entry) taken[entry] = values[sources[entry]];
  values = std::move(taken);
}

/// Every entry is repeated for each of the row's values.
void GroupScan::add_lists(std::size_t i) {
  const storage::StringReader::Lists lists = dimensions_[i]->read_lists(cursor_.begin(), cursor_.selection().size);
  std::vector<std::uint32_t>& ids = row_ids_[i];
  ids.clear();
  sources_.clear();
  for (std::uint32_t entry = 0; entry < rows_.size(); ++entry) {
    const std::uint32_t first = lists.offsets[rows_[entry]];
    const std::uint32_t last = lists.offsets[rows_[entry] + 1];
    if (first == last && grouping_.empty_rows_are_null) ids.push_back(dimensions_[i]->null_id());
    ids.insert(ids.end(), lists.ids + first, lists.ids + last);
    sources_.resize(ids.size(), entry);
  }
  all_rows_ = false;
  take(rows_, sources_);
  take(keys_, sources_);
  if (times_ != nullptr) take(row_buckets_, sources_);
  for (const std::size_t other : keyed_) {
    if (other == i) break;
    take(row_ids_[other], sources_);
  }
  add_ids(i);
}

/// Fibonacci hashing: the high bits of the product are those of all bits of the key.
bool GroupScan::is_of_part(std::uint64_t key) const noexcept {
  return ((key * 0x9E3779B97F4A7C15ULL) >> 32) % parts_ == part_;
}

void GroupScan::keep_part() {
  all_rows_ = false;
  sources_.clear();
  for (std::uint32_t entry = 0; entry < keys_.size(); ++entry)
    if (is_of_part(keys_[entry])) sources_.push_back(entry);
  take(rows_, sources_);
  take(keys_, sources_);
  if (times_ != nullptr) take(row_buckets_, sources_);
  for (const std::size_t i : keyed_) take(row_ids_[i], sources_);
}

/// Where all rows of the segment are read, each entry of a dictionary is met.
void GroupScan::expect_groups() {
  const bool reads_all = plan_->filter == nullptr && plan_->index_rows.empty() && !plan_->check_time &&
                         begin_row_ == 0 && end_row_ == plan_->segment->row_count();
  if (!reads_all || parts_ > 1) return;
  std::uint64_t ids = 0;
  for (const auto& dimension : dimensions_)
    if (dimension->radix() <= end_row_ + std::uint64_t{1}) ids = std::max(ids, dimension->radix());
  table_.expect(ids);
}

void GroupScan::find_groups() {
  const std::uint32_t known = states_.size();
  row_groups_.resize(keys_.size());
  if (is_row_a_group_) {
    std::iota(row_groups_.begin(), row_groups_.end(), known);
    return note_new_groups(known, known + static_cast<std::uint32_t>(keys_.size()));
  }
  table_.find_or_add(keys_.data(), static_cast<std::uint32_t>(keys_.size()), row_groups_.data());
  if (table_.size() != known) note_new_groups(known, table_.size());
}

/// New groups were numbered in the order of the entries, so one pass finds the ids that each stands for.
void GroupScan::note_new_groups(std::uint32_t known, std::uint32_t groups) {
  states_.grow_to(groups);
  for (std::uint32_t entry = 0; known < groups; ++entry) {
    if (row_groups_[entry] != known) continue;
    if (times_ != nullptr) bucket_of_group_.push_back(row_buckets_[entry]);
    for (std::size_t i = 0; i < dimensions_.size(); ++i) ids_.push_back(id_at(i, entry));
    ++known;
  }
}

bool GroupScan::understands(const GroupScan& next) const {
  for (std::size_t i = 0; i < dimensions_.size(); ++i)
    if (!dimensions_[i]->understands(*next.dimensions_[i])) return false;
  return true;
}

bool GroupScan::absorb(GroupScan& next) {
  if (!understands(next)) return false;
  const std::int64_t before = thread_memory_bytes();
  if (shares_keys(next)) {
    absorb_direct(next);
    gained_bytes_ += thread_memory_bytes() - before;
    return true;
  }
  settle();
  next.settle();
  const std::int64_t elsewhere = next.bytes_elsewhere();
  const std::uint32_t known = groups();
  if (!is_row_a_group_) index_groups();
  for (std::uint32_t begin = 0; begin < next.groups(); begin += kVectorRows)
    absorb_groups(next, begin, std::min(begin + kVectorRows, next.groups()));
  gained_bytes_ += thread_memory_bytes() - before + elsewhere * (groups() - known);
  return true;
}

/// A run of groups as if it were a vector of rows, each with a row of states.
void GroupScan::absorb_groups(GroupScan& next, std::uint32_t begin, std::uint32_t end) {
  rows_.resize(end - begin);
  all_rows_ = false;
  row_groups_.assign(rows_.size(), 0);
  row_buckets_.resize(rows_.size());
  if (times_ != nullptr)
    for (std::uint32_t i = 0; i < rows_.size(); ++i) row_buckets_[i] = buckets_.bucket_of(next.bucket_ms(begin + i));
  if (dimensions_.empty()) {
    if (times_ != nullptr) row_groups_ = row_buckets_;
    states_.grow_to(std::max(1U, buckets_.size()));
  } else {
    key_by_bucket();
    for (const std::size_t i : keyed_) {
      make_room(radix(i));
      row_ids_[i].resize(rows_.size());
      for (std::uint32_t row = 0; row < rows_.size(); ++row) row_ids_[i][row] = next.ids(begin + row)[i];
      dimensions_[i]->translate(*next.dimensions_[i], row_ids_[i]);
      add_ids(i);
      key_space_ *= radix(i);
    }
    find_groups();
  }
  grouping_.aggregators->take_groups(states_.row(0), row_groups_.data(), next.states(begin), end - begin);
}

Selection GroupScan::listed() const noexcept {
  if (all_rows_) return {.size = cursor_.selection().size, .count = cursor_.selection().size};
  return {.size = cursor_.selection().size,
          .count = static_cast<std::uint32_t>(rows_.size()),
          .mask = nullptr,
          .positions = rows_.data()};
}

}  // namespace sarsen::engine
