// Leaves on whole values: arrays, columns of several types, JSON. A stored column knows its distinct values: each is
// asked once, and their bitmaps can decide. Other values are asked row by row.

#include <array>

#include "engine/filter/leaf_matcher.h"
#include "engine/kernels/kernels.h"
#include "engine/vector/row_mask.h"
#include "engine/vector/selection.h"

namespace sarsen::engine {
namespace {

class EachValueMatcher final : public FilterMatcher {
 public:
  EachValueMatcher(ValueSource& source, ValueTest test) : source_(source), test_(std::move(test)) {}

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    std::fill_n(mask, mask_words(size), 0);
    for (std::uint32_t row = 0; row < size; ++row) {
      const bool row_matches = matches(test_(source_.value(begin + row)), include_unknown);
      mask[row / 64] |= std::uint64_t{row_matches} << (row % 64);
    }
  }

 private:
  ValueSource& source_;
  ValueTest test_;
};

}  // namespace

std::unique_ptr<FilterMatcher> match_each_value(ValueSource& source, ValueTest test) {
  const storage::Column* column = source.dictionary_column();
  if (column != nullptr) return std::make_unique<StoredValueMatcher>(*column, std::move(test));
  return std::make_unique<EachValueMatcher>(source, std::move(test));
}

}  // namespace sarsen::engine
