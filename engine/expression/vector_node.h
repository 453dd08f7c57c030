#pragma once
// Expressions over numbers as trees of vectors: each node reads the vectors of its operands and fills its own in one
// loop, with one virtual call per vector. A node is a NumericSource, so that columns, nodes and consumers speak one
// language. Nodes belong to one cursor.

#include <array>
#include <cstdint>
#include <memory>

#include "engine/vector/column_sources.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine::expression {

/// One computed vector, kept until another is asked for.
template <class T>
class VectorNode : public NumericSource<T> {
 public:
  NumericVector<T> read(std::uint32_t begin, std::uint32_t size) final {
    if (begin != begin_ || size != size_) {
      begin_ = UINT32_MAX;  // should compute() throw
      any_null_ = false;
      compute(begin, size);
      begin_ = begin;
      size_ = size;
      if (any_null_) clear_nulls(size);
    }
    return {values_.data(), any_null_ ? nulls_.data() : nullptr};
  }

 protected:
  virtual void compute(std::uint32_t begin, std::uint32_t size) = 0;

  T* values() noexcept { return values_.data(); }

  /// The null mask, all clear when first asked for.
  std::uint64_t* nulls(std::uint32_t size) noexcept {
    if (!any_null_) fill_mask(nulls_.data(), size, false);
    any_null_ = true;
    return nulls_.data();
  }
  void add_nulls(const std::uint64_t* nulls_of_operand, std::uint32_t size) noexcept {
    if (nulls_of_operand == nullptr) return;
    std::uint64_t* mask = nulls(size);
    for (std::size_t i = 0; i < mask_words(size); ++i) mask[i] |= nulls_of_operand[i];
  }
  void set_null(std::uint32_t row, std::uint32_t size) noexcept {
    nulls(size)[row / 64] |= std::uint64_t{1} << (row % 64);
  }

 private:
  /// Null rows hold 0.
  void clear_nulls(std::uint32_t size) noexcept {
    for (std::uint32_t word = 0; word < mask_words(size); ++word)
      for (std::uint64_t bits = nulls_[word]; bits != 0; bits &= bits - 1)
        values_[word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits))] = T{};
  }

  std::uint32_t begin_ = UINT32_MAX;
  std::uint32_t size_ = 0;
  bool any_null_ = false;
  std::array<T, kVectorRows> values_{};
  std::array<std::uint64_t, kVectorWords> nulls_{};
};

/// A node of one of the two types.
struct NumberNode {
  std::unique_ptr<NumericSource<std::int64_t>> longs;
  std::unique_ptr<NumericSource<double>> doubles;  // exactly one of the two is not null

  NumberNode(std::unique_ptr<NumericSource<std::int64_t>> of) : longs(std::move(of)) {}  // NOLINT: either is a node
  NumberNode(std::unique_ptr<NumericSource<double>> of) : doubles(std::move(of)) {}      // NOLINT
  bool is_long() const noexcept { return longs != nullptr; }
};

/// The node as T, by Java's casts.
template <class T>
std::unique_ptr<NumericSource<T>> cast_node(NumberNode node);

/// Calls visit(row) for the rows of [begin, begin + size) that somebody wants (ColumnSources::position).
template <class Visit>
void for_each_live(const CursorPosition* position, std::uint32_t begin, std::uint32_t size, Visit visit) {
  if (position != nullptr && position->begin == begin && position->selection.size == size &&
      position->selection.mask != nullptr) {
    for (std::uint32_t word = 0; word < mask_words(size); ++word)
      for (std::uint64_t bits = position->selection.mask[word]; bits != 0; bits &= bits - 1)
        visit(word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits)));
  } else {
    for (std::uint32_t row = 0; row < size; ++row) visit(row);
  }
}

}  // namespace sarsen::engine::expression
