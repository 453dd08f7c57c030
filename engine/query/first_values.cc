#include "engine/query/first_values.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "engine/exec/poll.h"
#include "engine/kernels/kernels.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {
namespace {

/// Of fewer rows than one in so many the index is asked; of more, reading all of them costs about the same.
constexpr std::uint64_t kRowShare = 4;

/// A stored column of one text a row with an index; nullptr: it is something else.
const storage::Column* indexed_column(const ScanPlan& plan, const std::string& name) {
  if (plan.virtual_columns != nullptr && plan.virtual_columns->find(name) != nullptr) return nullptr;
  const storage::Column* const column = plan.segment->column(name);
  if (column == nullptr || column->type() != storage::ValueType::kString || column->multiple_values()) return nullptr;
  const bool is_sorted = column->dictionary() != nullptr && column->dictionary()->sorted();
  return is_sorted && column->bitmap_index() != nullptr ? column : nullptr;
}

/// The ids of values that rank, best first, null apart.
class RankedIds {
 public:
  RankedIds(const storage::Dictionary& dictionary, const FirstValues& wanted) : descending_(wanted.descending) {
    if (dictionary.find(std::nullopt)) begin_ = 1;  // null is less than all
    has_null_ = begin_ == 1 && !wanted.previous;
    end_ = dictionary.size();
    if (!wanted.previous) return;
    const std::uint32_t bound = std::max(begin_, dictionary.lower_bound(*wanted.previous));
    if (descending_)
      end_ = bound;
    else
      begin_ = bound + (bound < end_ && dictionary.value(bound) == *wanted.previous ? 1 : 0);
  }
  bool has_null() const noexcept { return has_null_; }
  std::uint32_t size() const noexcept { return end_ - begin_; }
  std::uint32_t operator[](std::uint32_t i) const noexcept { return descending_ ? end_ - 1 - i : begin_ + i; }

 private:
  bool descending_;
  bool has_null_ = false;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
};

/// All rows that the plan may read; empty: all of the segment.
std::vector<std::uint64_t> rows_of(const ScanPlan& plan) {
  std::vector<std::uint64_t> rows = plan.index_rows;
  const std::uint32_t row_count = plan.segment->row_count();
  if (rows.empty()) {
    if (plan.begin_row == 0 && plan.end_row == row_count) return rows;
    rows.resize(mask_words(row_count));
    fill_mask(rows.data(), row_count, true);
  }
  clip_mask(rows.data(), row_count, plan.begin_row, plan.end_row);
  return rows;
}

class Gathered {
 public:
  /// `all`: as rows_of().
  Gathered(const storage::BitmapIndex& index, std::uint32_t row_count, std::vector<std::uint64_t> all)
      : index_(index), all_(std::move(all)), kept_(mask_words(row_count)), one_(all_.size()) {}

  /// Adds the rows of `id` that are among all; says whether there are any.
  bool add(std::uint32_t id) {
    poll();
    if (all_.empty()) {
      index_.or_into(id, kept_);
      return index_.cardinality(id) > 0;
    }
    std::ranges::fill(one_, 0);
    index_.or_into(id, one_);
    std::uint64_t any = 0;
    for (std::size_t i = 0; i < one_.size(); ++i) {
      any |= one_[i] &= all_[i];
      kept_[i] |= one_[i];
    }
    return any != 0;
  }
  std::uint64_t count() const { return kernels::mask_count(kept_.data(), kept_.size()); }
  std::vector<std::uint64_t> take() noexcept { return std::move(kept_); }

 private:
  const storage::BitmapIndex& index_;
  std::vector<std::uint64_t> all_;
  std::vector<std::uint64_t> kept_;
  std::vector<std::uint64_t> one_;
};

}  // namespace

std::optional<FirstValues> first_values(const DimensionSpec& dimension, const TopNMetric& metric,
                                        const Granularity& granularity, std::int64_t threshold) {
  if (metric.ordering == nullptr || !metric.is_lexicographic() || !granularity.is_all()) return std::nullopt;
  const bool is_changed = dimension.function != nullptr || dimension.result_function != nullptr;
  if (is_changed || !dimension.filters.empty() || dimension.output_type != storage::ValueType::kString)
    return std::nullopt;
  return FirstValues{dimension.dimension, static_cast<std::size_t>(threshold), metric.inverted, metric.previous_stop};
}

void keep_first_values(ScanPlan& plan, const FirstValues& wanted) {
  if (plan.empty() || plan.filter != nullptr || plan.check_time) return;
  const storage::Column* const column = indexed_column(plan, wanted.dimension);
  if (column == nullptr) return;
  const RankedIds ids(*column->dictionary(), wanted);
  if (ids.size() / kRowShare < wanted.count) return;
  Gathered rows(*column->bitmap_index(), plan.segment->row_count(), rows_of(plan));
  if (ids.has_null()) rows.add(0);
  std::size_t found = 0;
  for (std::uint32_t i = 0; i < ids.size() && found < wanted.count; ++i) found += rows.add(ids[i]) ? 1 : 0;
  if (rows.count() > (plan.end_row - plan.begin_row) / kRowShare) return;
  plan.index_rows = rows.take();
}

}  // namespace sarsen::engine
