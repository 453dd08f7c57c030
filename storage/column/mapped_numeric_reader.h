#pragma once
// Stored numbers and the rows that are null, by row. Not thread-safe.

#include "storage/bitmap/null_rows.h"
#include "storage/column/column.h"
#include "storage/column/numeric_values.h"

namespace sarsen::storage {

template <class T>
class MappedNumericReader final : public NumericReader<T> {
 public:
  /// All of these must outlive the reader.
  MappedNumericReader(const NumericValues<T>& values, const NullRows& nulls, const Place& place)
      : values_(&values), nulls_(&nulls), place_(&place), cursor_(values.blocks()) {}

  const T* read(std::uint32_t begin, std::uint32_t count, T* scratch) override {
    const T* found = scratch;
    for_each_piece(cursor_, begin, count, [&](const BlockCursor::Piece& piece, std::uint32_t offset) {
      const T* in_place = piece.count == count ? values_->in_place(piece) : nullptr;
      if (in_place != nullptr) {
        found = in_place;
      } else {
        at_place(*place_, [&] { values_->decode(piece, scratch + offset); });
      }
    });
    return found;
  }

  bool read_nulls(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) override {
    return nulls_->read(begin, count, words);
  }

 private:
  const NumericValues<T>* values_;
  const NullRows* nulls_;
  const Place* place_;
  BlockCursor cursor_;
};

}  // namespace sarsen::storage
