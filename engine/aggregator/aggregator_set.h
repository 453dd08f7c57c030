#pragma once
// The aggregators of one query side by side: their states lie together, one row of states per group. Rows of states may
// be moved by memcpy: a state must not point into itself.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "engine/aggregator/aggregator.h"
#include "engine/aggregator/defers_folds.h"
#include "engine/aggregator/ranked_states.h"

namespace sarsen::engine {

/// The layout. Immutable, shared by all cursors of a query.
class AggregatorSet {
 public:
  explicit AggregatorSet(AggregatorFactories factories);

  std::size_t size() const noexcept { return factories_.size(); }
  const AggregatorFactory& factory(std::size_t i) const noexcept { return *factories_[i]; }
  std::size_t offset(std::size_t i) const noexcept { return offsets_[i]; }
  std::size_t stride() const noexcept { return stride_; }
  /// The index of the aggregator named `name`, or -1.
  std::ptrdiff_t find(std::string_view name) const noexcept;
  /// Whether all of them do (AggregatorFactory::divides_segments).
  bool divides_segments() const noexcept;
  /// Whether one of them does (AggregatorFactory::depends_on_order).
  bool depends_on_order() const noexcept;

  void init(std::byte* row) const noexcept;
  void destroy(std::byte* row) const noexcept;
  /// Whether the bytes of one initial row are those of all.
  bool copies_initial_states() const noexcept { return trivially_destroyed_; }
  void merge(std::byte* into, const std::byte* from) const;
  /// The same of `count` rows, the i-th into row groups[i] of those at `into`.
  void merge_groups(std::byte* into, const std::uint32_t* groups, const std::byte* from, std::uint32_t count) const;
  /// AggregatorFactory::take_groups() of each.
  void take_groups(std::byte* into, const std::uint32_t* groups, std::byte* from, std::uint32_t count) const;
  void save(const std::byte* row, ByteWriter& out) const;
  void load(std::byte* row, ByteReader& in) const;
  bool merges_associatively() const noexcept;
  Value finalise(const std::byte* row, std::size_t i) const { return factories_[i]->finalise(row + offsets_[i]); }
  Value ordered_by(const std::byte* row, std::size_t i) const { return factories_[i]->ordered_by(row + offsets_[i]); }
  /// RankedStates::rank, or NaN.
  double rank(const std::byte* row, std::size_t i) const noexcept {
    return ranked_[i] != nullptr ? ranked_[i]->rank(row + offsets_[i]) : std::numeric_limits<double>::quiet_NaN();
  }
  /// The same of many: ranks[i] is that of row groups[i] of those at `rows`.
  void ranks(const std::byte* rows, std::span<const std::uint32_t> groups, std::size_t i, double* ranks) const noexcept;
  /// Finalised, or Druid's intermediate form.
  Value result(const std::byte* row, std::size_t i, bool finalised) const;

 private:
  AggregatorFactories factories_;
  std::vector<const RankedStates*> ranked_;  // nullptr: it is none
  std::vector<std::size_t> offsets_;
  std::size_t stride_ = 0;
  bool trivially_destroyed_ = true;
};

/// The aggregators bound to one cursor.
class BoundAggregators {
 public:
  BoundAggregators(const AggregatorSet& set, ColumnSources& columns);

  void fold(std::byte* row, std::uint32_t begin, const Selection& selection);
  void fold_groups(std::byte* rows, const std::uint32_t* groups, std::uint32_t begin, const Selection& selection);
  void fold_masked(std::byte* rows, const MaskedGroups& groups, std::uint32_t begin);
  /// Aggregator::folds_runs() of all, and fold_run().
  bool folds_runs() const;
  void fold_run(std::byte* row, std::uint32_t begin);

  /// Finds out which ones fold exactly (Aggregator::folds_exactly) over so many rows, for what follows.
  void find_exact(std::uint32_t rows);
  std::size_t exact_count() const noexcept { return exact_count_; }
  std::size_t size() const noexcept { return aggregators_.size(); }
  /// Those that fold exactly, and the others.
  void fold_exact_masked(std::byte* rows, const MaskedGroups& groups, std::uint32_t begin);
  void fold_inexact_groups(std::byte* rows, const std::uint32_t* groups, std::uint32_t begin,
                           const Selection& selection);

  /// As DefersFolds, of those that can.
  void defer();
  void finish(std::byte* rows);

 private:
  const AggregatorSet& set_;
  std::vector<std::unique_ptr<Aggregator>> aggregators_;
  std::vector<bool> exact_;  // by aggregator
  std::size_t exact_count_ = 0;
  std::vector<DefersFolds*> defers_;  // by aggregator; nullptr: it does not
};

/// Growing rows of initialised states. Owns them. Not thread-safe.
class StateRows {
 public:
  explicit StateRows(const AggregatorSet& set) : set_(&set) {}
  ~StateRows();
  StateRows(StateRows&& other) noexcept;
  StateRows& operator=(StateRows&& other) noexcept;

  std::uint32_t size() const noexcept { return size_; }
  /// Appends initialised rows until there are `rows`.
  void grow_to(std::uint32_t rows);
  /// Exchanges two rows.
  void swap(std::uint32_t left, std::uint32_t right) noexcept;
  /// Drops the rows from `rows` on.
  void shrink_to(std::uint32_t rows) noexcept;
  std::byte* row(std::uint32_t i) noexcept { return bytes_.get() + i * set_->stride(); }
  const std::byte* row(std::uint32_t i) const noexcept { return bytes_.get() + i * set_->stride(); }
  std::size_t bytes() const noexcept { return capacity_ * set_->stride(); }

 private:
  const AggregatorSet* set_;
  std::unique_ptr<std::byte[]> bytes_;
  std::uint32_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace sarsen::engine
