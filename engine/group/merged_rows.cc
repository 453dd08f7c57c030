// Rows of small segments, straight to the groups of a whole query: where a segment has about as many groups as rows,
// groups of its own would be made only to be merged. And what several threads made so, merged.

#include <algorithm>
#include <numeric>

#include "engine/exec/poll.h"
#include "engine/group/memory_gain.h"
#include "engine/group/merged_groups.h"
#include "engine/group/numbered_rows.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {
namespace {

/// Groups are merged so many at a time.
constexpr std::uint32_t kBlockGroups = 1024;

void list(const Selection& selection, std::vector<std::uint32_t>& rows) {
  rows.resize(selection.count);
  if (selection.all()) return std::iota(rows.begin(), rows.end(), 0U);
  for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) { rows[i] = row; });
}

}  // namespace

/// The buckets of one cursor's rows, as MergedGroups numbers them.
class MergedGroups::RowBuckets {
 public:
  RowBuckets(MergedGroups& groups, const ScanPlan& plan, ColumnSources& columns)
      : groups_(groups), buckets_(*groups.grouping_->granularity, plan.segment->sorted_by_time()) {
    if (!groups.grouping_->granularity->is_all()) times_ = &columns.longs(storage::kTimeColumn);
  }

  void read(std::uint32_t begin, const Selection& selection, std::uint32_t* numbers) {
    if (times_ == nullptr) {
      std::fill_n(numbers, selection.count, groups_.bucket_number(0));
      return;
    }
    const bool one = buckets_.assign(times_->read(begin, selection.size).values, selection, numbers);
    for (auto next = static_cast<std::uint32_t>(known_.size()); next < buckets_.size(); ++next)
      known_.push_back(groups_.bucket_number(buckets_.start_ms(next)));
    if (one) std::fill_n(numbers + 1, selection.count - 1, numbers[0]);
    for (std::uint32_t i = 0; i < selection.count; ++i) numbers[i] = known_[numbers[i]];
  }

 private:
  MergedGroups& groups_;
  TimeBuckets buckets_;
  NumericSource<std::int64_t>* times_ = nullptr;  // nullptr: granularity all
  std::vector<std::uint32_t> known_;              // by bucket of the cursor
};

bool MergedGroups::takes_rows(const ScanPlan& plan) const {
  return std::ranges::all_of(grouping_->dimensions,
                             [&](const DimensionSpec& spec) { return can_number_rows(spec, plan); });
}

void MergedGroups::add_rows(const ScanPlan& plan, const QueryControl& control, std::uint64_t rows) {
  index_first();
  const Gain gain(gained_bytes_);
  VectorCursor cursor(plan, plan.begin_row, plan.end_row, control);
  BoundAggregators aggregators(*grouping_->aggregators, cursor.columns());
  RowBuckets buckets(*this, plan, cursor.columns());
  std::vector<std::unique_ptr<NumberedRows>> values;
  for (std::size_t i = 0; i < dimensions(); ++i) {
    if (size() == 0) share(i, plan, rows);
    values.push_back(
        number_rows(grouping_->dimensions[i], cursor.columns(), values_[i], plan.end_row - plan.begin_row));
  }
  GroupBlock block(tuples_.width(), std::min(kVectorRows, plan.segment->row_count()));
  std::vector<std::uint32_t> listed;
  while (cursor.next()) {
    const Selection& selection = cursor.selection();
    list(selection, listed);
    block.set_size(selection.count);
    buckets.read(cursor.begin(), selection, block.column(0));
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i]->read(cursor.begin(), selection.size, listed, block.column(i + 1));
    tuples_.find_or_add(block);
    states_.grow_to(tuples_.size());
    const bool all = selection.count == selection.size;
    aggregators.fold_groups(states_.row(0), block.groups(), cursor.begin(),
                            {.size = selection.size,
                             .count = selection.count,
                             .mask = nullptr,
                             .positions = all ? nullptr : listed.data()});
  }
}

void MergedGroups::share(std::size_t dimension, const ScanPlan& plan, std::uint64_t rows) {
  const DimensionSpec& spec = grouping_->dimensions[dimension];
  const auto* const dictionary =
      dynamic_cast<const storage::StoredDictionary*>(plan.segment->column(spec.dimension)->dictionary());
  if (grouping_->tables.empty() || !ValueTranslation::is_worth_an_array(dictionary, plan.end_row - plan.begin_row))
    return;
  values_[dimension].share(SharedTextsPool::shared(), grouping_->tables + '\n' + spec.dimension, *dictionary,
                           static_cast<std::uint32_t>(std::min<std::uint64_t>(rows, UINT32_MAX)));
}

void MergedGroups::add(const MergedGroups& other) {
  const Gain gain(gained_bytes_);
  std::vector<ValueTranslation> translations(dimensions());
  GroupBlock block(tuples_.width(), std::min(other.size(), kBlockGroups));
  for (std::uint32_t begin = 0; begin < other.size(); begin += block.size()) {
    poll_now();
    block.set_size(std::min(other.size() - begin, kBlockGroups));
    number_buckets(other, begin, block);
    for (std::size_t i = 0; i < dimensions(); ++i)
      translations[i].apply(other.tuple(begin) + i + 1, tuples_.width(), block.size(), block.column(i + 1),
                            [&](std::span<const std::uint32_t> theirs, std::uint32_t* out) {
                              values_[i].numbers_of(other.values_[i], theirs, out);
                            });
    tuples_.find_or_add(block);
    states_.grow_to(tuples_.size());
    grouping_->aggregators->merge_groups(states_.row(0), block.groups(), other.states(begin), block.size());
  }
}

}  // namespace sarsen::engine
