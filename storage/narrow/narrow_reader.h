#pragma once
// A reader of a column that has a narrow form. Not thread-safe.

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "storage/bitmap/null_rows.h"
#include "storage/column/column.h"
#include "storage/narrow/narrow_numbers.h"
#include "storage/narrow/unnarrow.h"

namespace sarsen::storage {

template <class T>
class NarrowReader final : public NumericReader<T> {
 public:
  /// Both must outlive the reader. REQUIRES: numbers.form().
  NarrowReader(NarrowNumbers<T>& numbers, const NullRows& nulls)
      : numbers_(&numbers), form_(*numbers.form()), nulls_(&nulls) {}

  const NarrowForm& form() const noexcept { return form_; }

  bool has_nulls() const noexcept { return nulls_->any(); }
  /// What the integers of these rows are within. REQUIRES: begin < end.
  NarrowRange range(std::uint32_t begin, std::uint32_t end) const noexcept { return numbers_->range(begin, end); }

  /// The codes where they lie, valid until the next call; none where the rows are of two blocks.
  NarrowCodes codes(std::uint32_t begin, std::uint32_t count) {
    const std::uint32_t position = begin % kNarrowBlockRows;
    if (position + count > kNarrowBlockRows) return {nullptr, form_};
    return {seek(begin / kNarrowBlockRows) + std::size_t{position} * form_.width, form_};
  }

  /// Of kNarrowBoundsRows rows, or as many as there are, from one of their multiples on; nulls have codes, too.
  CodeBounds bounds(std::uint32_t begin) {
    if (const std::uint32_t index = begin / kNarrowBlockRows; index != bounds_index_) {
      bounds_ = numbers_->bounds(index);
      bounds_index_ = index;
    }
    CodeBounds bounds;
    const std::size_t place = begin % kNarrowBlockRows / kNarrowBoundsRows;
    std::memcpy(&bounds, bounds_->bytes.get() + place * sizeof(bounds), sizeof(bounds));
    return bounds;
  }

  const T* read(std::uint32_t begin, std::uint32_t count, T* scratch) override {
    for (std::uint32_t done = 0; done < count;) {
      const std::uint32_t room = kNarrowBlockRows - (begin + done) % kNarrowBlockRows;
      const std::uint32_t rows = std::min(room, count - done);
      unnarrow(codes(begin + done, rows), rows, scratch + done);
      done += rows;
    }
    return scratch;
  }

  bool read_nulls(std::uint32_t begin, std::uint32_t count, std::uint64_t* words) override {
    return nulls_->read(begin, count, words);
  }

 private:
  const std::byte* seek(std::uint32_t index) {
    if (index != index_) {
      block_ = numbers_->block(index);
      index_ = index;
    }
    return block_->bytes.get();
  }

  NarrowNumbers<T>* numbers_;
  NarrowForm form_;
  const NullRows* nulls_;
  BlockCache::Block block_;
  std::uint32_t index_ = UINT32_MAX;
  BlockCache::Block bounds_;
  std::uint32_t bounds_index_ = UINT32_MAX;
};

}  // namespace sarsen::storage
