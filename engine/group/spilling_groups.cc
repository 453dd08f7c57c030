#include "engine/group/spilling_groups.h"

#include <malloc.h>

#include <algorithm>
#include <numeric>

#include "storage/base/error.h"

namespace sarsen::engine {
namespace {

constexpr const char* kNoMemory =
    "Not enough merge buffer memory to execute this query. Try enabling disk spilling by setting "
    "druid.query.groupBy.maxOnDiskStorage to an amount of bytes available on your machine for on-disk scratch files. "
    "Or, "
    "if you have additional off-heap memory available, consider increasing druid.processing.buffer.sizeBytes. See "
    "https://druid.apache.org/docs/latest/querying/groupbyquery.html#memory-tuning-and-resource-limits for details.";
constexpr const char* kNoDictionary =
    "Not enough dictionary memory to execute this query. Try enabling disk spilling by setting "
    "druid.query.groupBy.maxOnDiskStorage to an amount of bytes available on your machine for on-disk scratch files. "
    "See "
    "https://druid.apache.org/docs/latest/querying/groupbyquery.html#memory-tuning-and-resource-limits for details.";

std::vector<std::uint32_t> all_of(const MergedGroups& groups) {
  std::vector<std::uint32_t> rows(groups.size());
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

}  // namespace

SpillingGroups::SpillingGroups(const Grouping& grouping, const GroupLimits& limits, const GroupOrdering& order,
                               std::shared_ptr<SpillSpace> space, Equals equals)
    : grouping_(grouping),
      limits_(limits),
      order_(order),
      space_(std::move(space)),
      equals_(equals),
      associative_(grouping.aggregators->merges_associatively()),
      groups_(std::make_unique<MergedGroups>(grouping)) {}

void SpillingGroups::add(std::unique_ptr<GroupScan> scan, std::size_t plan) {
  if (current_ == nullptr || is_apart() || plan != current_plan_ || !current_->absorb(*scan)) {
    if (!is_apart()) join_current();
    if (is_apart()) return add_apart(std::move(scan), plan);  // maybe from now on
    current_ = std::move(scan);
    current_plan_ = plan;
  }
  scan.reset();
  spill_if_full();
}

void SpillingGroups::add(const KeptGroups& part) {
  if (!is_apart()) join_current();
  current_.reset();
  add_in_turns(part, part.size(), ++tag_);
}

void SpillingGroups::add(std::unique_ptr<MergedGroups> groups) {
  if (groups_->size() == 0) {
    groups_ = std::move(groups);
  } else {
    groups_->add(*groups);
  }
  spill_if_full();
}

/// After the first run, partial results may no longer be merged among themselves: (a + b) + c is not a + (b + c).
void SpillingGroups::add_apart(std::unique_ptr<GroupScan> scan, std::size_t plan) {
  if (current_ == nullptr || plan != current_plan_ || !current_->understands(*scan)) ++tag_;
  current_.reset();
  add_in_turns(*scan, scan->groups(), tag_);
  scan->take_states();
  current_ = std::move(scan);
  current_plan_ = plan;
}

/// Where they can be spilled, so few at a time that they may well grow to several times their size when their values
/// are made.
template <class Part>
void SpillingGroups::add_in_turns(Part& part, std::uint32_t groups, std::uint32_t tag) {
  const std::uint32_t at_a_time = limits_.disk_bytes_max > 0 ? 1 << 13 : std::max(1U, groups);
  for (std::uint32_t begin = 0; begin < groups; begin += at_a_time) {
    const GroupRange range{begin, std::min(begin + at_a_time, groups)};
    spill_if_adopted();
    if (is_apart()) {
      groups_->append(part, range, tag);
    } else {
      groups_->add_by_value(part, range);
    }
    spill_if_full();
  }
}

void SpillingGroups::join_current() {
  if (current_ == nullptr) return;
  std::unique_ptr<GroupScan> scan = std::move(current_);
  if (visit_ && !spilled()) visit_(current_plan_, *scan);
  merge(std::move(scan));
}

void SpillingGroups::merge(std::unique_ptr<GroupScan> scan) {
  const bool counts_texts = limits_.dictionary_bytes_max != GroupLimits().dictionary_bytes_max;
  if (groups_->size() == 0 && !counts_texts) {
    groups_->add(std::move(scan));
    spill_if_full();
  } else {
    add_in_turns(*scan, scan->groups(), ++tag_);
  }
}

void SpillingGroups::finish() {
  if (!is_apart()) join_current();
  current_.reset();
  spill_if_full();
}

void SpillingGroups::add_subtotal(const MergedGroups& base, std::span<const std::uint32_t> groups,
                                  const std::vector<bool>& kept, std::int64_t number) {
  constexpr std::size_t kAtATime = 1 << 15;
  for (std::size_t begin = 0; begin < groups.size(); begin += kAtATime) {
    groups_->add_subtotal(base, groups.subspan(begin, std::min(kAtATime, groups.size() - begin)), kept, number,
                          is_apart());
    spill_if_full();
  }
}

void SpillingGroups::take(MergedGroups& other, std::uint32_t group) {
  groups_->take(other, group);
  spill_if_full();
}

void SpillingGroups::spill_if_full() {
  if (grouping_.dimensions.empty() && grouping_.granularity->is_all()) return;  // one group
  const bool counts_current = current_ != nullptr && !is_apart();
  if (groups_->dictionary_bytes() > limits_.dictionary_bytes_max) {
    check_spillable(kNoDictionary);
  } else if (groups_->bytes() + (counts_current ? current_->bytes() : 0) > merged_bytes_max() ||
             groups_->size() + (counts_current ? current_->groups() : 0) > limits_.groups_max) {
    check_spillable(kNoMemory);
  } else {
    return;
  }
  spill();
}

/// Where groups can be spilled, another third is for those on their way to disk, and one for those not yet merged.
std::uint64_t SpillingGroups::merged_bytes_max() const noexcept {
  return limits_.disk_bytes_max == 0 ? limits_.memory_bytes_max : limits_.memory_bytes_max / 3;
}

void SpillingGroups::check_spillable(const char* message) const {
  if (limits_.disk_bytes_max == 0) throw Error(ErrorCategory::kResourceLimit, message);
}

/// Groups that were taken as they are grow where they meet others by value.
void SpillingGroups::spill_if_adopted() {
  constexpr std::uint64_t kGrowth = 3;
  if (limits_.disk_bytes_max > 0 && groups_->is_adopted() && groups_->bytes() * kGrowth > merged_bytes_max()) spill();
}

/// What is merged, and what is known so far of the plan that is being added.
void SpillingGroups::spill() {
  if (file_ == nullptr) file_ = std::make_unique<SpillFile>(limits_.folder, space_);
  const bool was_apart = is_apart();
  write();
  if (!was_apart && current_ != nullptr) {
    std::unique_ptr<GroupScan> scan = std::move(current_);
    add_in_turns(*scan, scan->groups(), ++tag_);
    scan->take_states();
    if (!associative_) current_ = std::move(scan);
  }
  ::malloc_trim(0);  // or the freed pieces stay with this process
}

void SpillingGroups::write() {
  if (groups_->size() > 0) {
    std::vector<std::uint32_t> rows = all_of(*groups_);
    order_.sort(*groups_, rows, wanted_);
    runs_.push_back(write_run(*groups_, rows, *file_));
  }
  groups_ = std::make_unique<MergedGroups>(grouping_);
}

void SpillingGroups::for_each_sorted(const std::function<bool(MergedGroups&, std::vector<std::uint32_t>&)>& visit) {
  if (!spilled()) {
    std::vector<std::uint32_t> rows = all_of(*groups_);
    order_.sort(*groups_, rows);
    visit(*groups_, rows);
    return;
  }
  write();
  MergedRuns merged(grouping_, *file_, runs_, order_, equals_ == Equals::kMerged, limits_.memory_bytes_max / 4);
  for (bool wants_more = true; wants_more;) {
    MergedGroups batch(grouping_);
    if (!merged.next(batch, limits_.memory_bytes_max / 4)) return;
    std::vector<std::uint32_t> rows = all_of(batch);
    wants_more = visit(batch, rows);
  }
}

}  // namespace sarsen::engine
