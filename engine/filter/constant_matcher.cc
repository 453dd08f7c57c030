// Matchers whose answer is the same for every row: constants, and any leaf on a column that does not exist.

#include "engine/filter/leaf_matcher.h"
#include "engine/vector/row_mask.h"

namespace sarsen::engine {
namespace {

class ConstantMatcher final : public FilterMatcher {
 public:
  ConstantMatcher(bool answer, bool answer_with_unknown, std::uint32_t row_count)
      : answer_(answer), answer_with_unknown_(answer_with_unknown), row_count_(row_count) {}

  void match(std::uint32_t, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    fill_mask(mask, size, answer(include_unknown));
  }

  std::optional<std::uint64_t> index_cost(bool) const override { return 0; }

  void index_rows(bool include_unknown, std::span<std::uint64_t> rows) const override {
    fill_mask(rows.data(), row_count_, answer(include_unknown));
  }

 private:
  bool answer(bool include_unknown) const noexcept { return include_unknown ? answer_with_unknown_ : answer_; }

  bool answer_;
  bool answer_with_unknown_;
  std::uint32_t row_count_;
};

}  // namespace

std::unique_ptr<FilterMatcher> match_constant(bool answer, std::uint32_t row_count) {
  return std::make_unique<ConstantMatcher>(answer, answer, row_count);
}

std::unique_ptr<FilterMatcher> match_all_null(NullAnswer answer, std::uint32_t row_count) {
  return std::make_unique<ConstantMatcher>(answer == NullAnswer::kTrue, answer != NullAnswer::kFalse, row_count);
}

}  // namespace sarsen::engine
