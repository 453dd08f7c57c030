#pragma once
// The sum of an expression `column + constant` over a column of longs: that of the column, and the constant as often as
// there are numbers. Wrapping addition makes it the same to the last bit, and the column's narrow form is summed as it
// lies, with nothing made for each row.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/aggregator/aggregator_of.h"
#include "engine/expression/operator.h"

namespace sarsen::engine {

/// `column + shift`, where an expression is that.
struct ShiftedColumn {
  std::string column;
  std::uint64_t shift = 0;

  /// nullopt: it is something else, or the column is not one of longs that is stored.
  static std::optional<ShiftedColumn> of(const expression::Expr& expr, const ColumnSources& columns);
};

/// `Fold` sums longs.
template <class Fold>
class ShiftedSum final : public Aggregator {
 public:
  ShiftedSum(NumericSource<std::int64_t>& source, std::uint64_t shift)
      : source_(source), narrow_(dynamic_cast<NarrowSource<std::int64_t>*>(&source)), numbers_(source), shift_(shift) {}

  void fold(std::byte* state, std::uint32_t begin, const Selection& selection) override {
    typename Fold::State sum;
    numbers_.fold(reinterpret_cast<std::byte*>(&sum), begin, selection);
    if (sum.seen != 0) state_at<typename Fold::State>(state).add(sum.sum + shift_ * count(begin, selection));
  }

  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    const NumericVector<std::int64_t> vector = source_.read(begin, selection.size);
    for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) {
      if (vector.nulls != nullptr && mask_has(vector.nulls, row)) return;
      state_at<typename Fold::State>(states + groups[i] * stride)
          .add(static_cast<std::uint64_t>(vector.values[row]) + shift_);
    });
  }

 private:
  /// Of the numbers that are not null.
  std::uint64_t count(std::uint32_t begin, const Selection& selection) {
    const std::uint64_t* const nulls =
        narrow_ != nullptr ? narrow_->nulls(begin, selection.size) : source_.read(begin, selection.size).nulls;
    if (selection.positions == nullptr) return LiveRows(selection, nulls).count();
    std::uint64_t count = 0;
    for (std::uint32_t i = 0; i < selection.count; ++i)
      count += nulls == nullptr || !mask_has(nulls, selection.positions[i]) ? 1 : 0;
    return count;
  }

  NumericSource<std::int64_t>& source_;
  NarrowSource<std::int64_t>* narrow_;  // nullptr: it has no codes
  NumericAggregatorOf<Fold> numbers_;
  std::uint64_t shift_;
};

}  // namespace sarsen::engine
