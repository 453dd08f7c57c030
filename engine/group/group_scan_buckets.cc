// Without dimensions a bucket of time is a group. Where times ascend its rows lie together, and are folded as whole
// vectors, or told apart by masks; only where many buckets meet in a vector does each row look for its own.

#include <algorithm>

#include "engine/group/group_scan.h"
#include "engine/kernels/kernels.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {
namespace {

/// A pass over a vector for each run of rows of one bucket costs less than going row by row, up to so many.
constexpr std::uint32_t kBucketRuns = 8;

}  // namespace

/// kRunVectors vectors of one group. False: nothing was done.
bool GroupScan::fold_run() {
  if (!folds_runs_ || !cursor_.at_run()) return false;
  std::uint32_t group = 0;
  if (times_ != nullptr) {
    const std::optional<std::uint32_t> bucket = run_bucket(cursor_.begin());
    if (!bucket) return false;
    group = *bucket;
  }
  states_.grow_to(times_ == nullptr ? 1 : buckets_.size());
  aggregators_.fold_run(states_.row(group), cursor_.begin());
  cursor_.skip_run();
  return true;
}

/// The bucket of all rows of a run, where they are of one and that can be known.
std::optional<std::uint32_t> GroupScan::run_bucket(std::uint32_t begin) {
  if (!plan_->segment->sorted_by_time()) return std::nullopt;
  constexpr std::uint32_t kRead = 64, kRows = kRunVectors * kVectorRows;
  const std::int64_t last_ms = times_->read(begin + kRows - kRead, kRead).values[kRead - 1];
  const std::uint32_t bucket = buckets_.bucket_of(times_->read(begin, kRead).values[0]);
  return buckets_.in_current(last_ms) ? std::optional(bucket) : std::nullopt;
}

void GroupScan::fold_buckets() {
  const Selection& selection = cursor_.selection();
  const std::int64_t* times = times_->read(cursor_.begin(), selection.size).values;
  if (fold_bucket_runs(times)) return;
  row_buckets_.resize(selection.size);
  const bool one_bucket = buckets_.assign(times, selection, row_buckets_.data());
  states_.grow_to(buckets_.size());
  if (one_bucket) return fold_one(row_buckets_[0], selection);
  start_keys();
  aggregators_.fold_groups(states_.row(0), row_buckets_.data(), cursor_.begin(), listed());
}

/// Where times ascend, the rows of a bucket lie together: those of few buckets are told apart by masks. False: nothing
/// was done.
bool GroupScan::fold_bucket_runs(const std::int64_t* times_ms) {
  const Selection& selection = cursor_.selection();
  if (!plan_->segment->sorted_by_time() || selection.positions != nullptr) return false;
  group_masks_.resize(std::size_t{kMaskedKeys} * kVectorWords);
  std::uint32_t count = 0;
  for (std::uint32_t row = next_selected(selection, 0); row < selection.size; ++count) {
    if (count == kBucketRuns) return false;
    masked_groups_[count] = buckets_.bucket_of(times_ms[row]);
    const std::uint32_t end = buckets_.run_end(times_ms, row, selection.size);
    std::uint64_t* const mask = group_masks_.data() + std::size_t{count} * kVectorWords;
    if (selection.mask == nullptr) {
      fill_mask(mask, selection.size, true);
    } else {
      std::copy_n(selection.mask, mask_words(selection.size), mask);
    }
    clip_mask(mask, selection.size, row, end);
    group_rows_[count] = static_cast<std::uint32_t>(kernels::mask_count(mask, mask_words(selection.size)));
    row = next_selected(selection, end);
  }
  states_.grow_to(buckets_.size());
  aggregators_.finish(states_.row(0));
  aggregators_.fold_masked(states_.row(0),
                           {selection.size, count, masked_groups_.data(), group_masks_.data(), group_rows_.data()},
                           cursor_.begin());
  return true;
}

}  // namespace sarsen::engine
