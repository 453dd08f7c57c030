#pragma once
// Numbers into sketches that keep something of their hashes. Those of a vector are hashed together; what a sketch knows
// already is found without a branch; and for many groups rows may be deferred (defers_folds.h), as their hashes are all
// that is needed of them. `Kind` as SketchFactoryOf says, with hash_all(), add_all() of hashes, and a sketch that has
// known().

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "engine/aggregator/aggregator.h"
#include "engine/aggregator/aggregator_of.h"
#include "engine/aggregator/deferred_rows.h"
#include "engine/aggregator/defers_folds.h"
#include "engine/aggregator/sketch_state.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {

template <class Kind, class T>
class NumberSketches final : public Aggregator, public DefersFolds {
 public:
  /// Both must outlive it.
  NumberSketches(const Kind& kind, NumericSource<T>& source) : kind_(kind), source_(source) {}

  void fold(std::byte* address, std::uint32_t begin, const Selection& selection) override {
    const std::uint64_t* const nulls = hash(begin, selection);
    State& state = state_at<State>(address);
    if (!state || selection.positions != nullptr) {
      for_each_value(nulls, selection, [&](std::uint32_t, Hash hash) { add_to(state, hash); });
      return;
    }
    const auto known = state->known();
    std::size_t count = 0;
    for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) {
      const Hash hash = hashes_[i];
      hashes_[count] = hash;
      count += !is_null(nulls, row) && !known(hash) ? 1 : 0;
    });
    for (std::size_t i = 0; i < count; ++i) kind_.add(*state, hashes_[i]);
  }

  void fold_groups(std::byte* states, std::size_t stride, const std::uint32_t* groups, std::uint32_t begin,
                   const Selection& selection) override {
    const std::uint64_t* const nulls = hash(begin, selection);
    if (!defers_)
      return for_each_value(nulls, selection, [&](std::uint32_t i, Hash hash) {
        add_to(state_at<State>(states + groups[i] * stride), hash);
      });
    for_each_value(nulls, selection, [&](std::uint32_t i, Hash hash) { deferred_.add(groups[i], hash); });
    if (deferred_.size() + kVectorRows > deferred_.kRowsMax) finish(states, stride);
  }

  void defer() override { defers_ = true; }

  void finish(std::byte* states, std::size_t stride) override {
    deferred_.take([&](std::uint32_t group, std::span<const Hash> hashes) {
      State& state = state_at<State>(states + group * stride);
      if (!state) state = std::make_unique<typename Kind::Sketch>(kind_.make());
      kind_.add_all(*state, hashes);
    });
  }

 private:
  using Hash = typename Kind::Hash;
  using State = SketchState<typename Kind::Sketch>;

  static bool is_null(const std::uint64_t* nulls, std::uint32_t row) noexcept {
    return nulls != nullptr && mask_has(nulls, row);
  }

  /// Calls visit(i, hash) for the i-th selected row, unless it is null.
  template <class Visit>
  void for_each_value(const std::uint64_t* nulls, const Selection& selection, Visit visit) {
    for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) {
      if (!is_null(nulls, row)) visit(i, hashes_[is_by_row(selection) ? row : i]);
    });
  }

  /// Rows that come by position may come often: unless they are few, all rows of the vector are hashed, each once.
  static bool is_by_row(const Selection& selection) noexcept {
    return selection.positions != nullptr && selection.count > selection.size / 4;
  }

  /// hashes_[i] becomes that of the i-th selected row, whatever it is where the row is null, or by row. Gives the null
  /// rows.
  const std::uint64_t* hash(std::uint32_t begin, const Selection& selection) {
    const NumericVector<T> vector = source_.read(begin, selection.size);
    if (is_by_row(selection) || selection.count == selection.size) {
      kind_.hash_all(vector.values, selection.size, hashes_.data());
    } else {
      std::array<T, kVectorRows> numbers;
      for_each_selected(selection, [&](std::uint32_t i, std::uint32_t row) { numbers[i] = vector.values[row]; });
      kind_.hash_all(numbers.data(), selection.count, hashes_.data());
    }
    return vector.nulls;
  }

  void add_to(State& state, Hash hash) {
    if (!state) state = std::make_unique<typename Kind::Sketch>(kind_.make());
    kind_.add(*state, hash);
  }

  const Kind& kind_;
  NumericSource<T>& source_;
  std::array<Hash, kVectorRows + 1> hashes_;  // of the vector; a place for what is not kept after the last
  bool defers_ = false;
  DeferredRows<Hash> deferred_;
};

}  // namespace sarsen::engine
