// Leaves on dictionary-encoded strings: by bitmap index, by id, or by each id of a multi-valued row.

#include <algorithm>

#include "engine/filter/leaf_matcher.h"
#include "engine/kernels/kernels.h"
#include "engine/vector/selection.h"

namespace sarsen::engine {
namespace {

class StringMatcher final : public FilterMatcher {
 public:
  StringMatcher(StringSource& source, IdSet ids, NullAnswer null_answer)
      : source_(source), ids_(std::move(ids)), ids_or_null_(ids_), null_answer_(null_answer) {
    if (const auto null_id = source.dictionary().find(std::nullopt)) ids_or_null_.add(*null_id);
  }

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    const IdSet& wanted = ids(include_unknown);
    if (source_.multiple_values()) return match_lists(begin, size, wanted, empty_row_matches(include_unknown), mask);
    kernels::in_set(source_.read_ids(begin, size), size, wanted.words(), mask);
  }

  std::optional<std::uint64_t> index_cost(bool include_unknown) const override {
    const storage::BitmapIndex* index = source_.bitmap_index();
    // A multi-valued column's rows without any value are in the null bitmap only where the dictionary starts with null.
    if (index == nullptr || (source_.multiple_values() && empty_row_matches(include_unknown))) return std::nullopt;
    std::uint64_t rows = 0;
    ids(include_unknown).for_each([&](std::uint32_t id) { rows += index->cardinality(id); });
    return rows;
  }

  void index_rows(bool include_unknown, std::span<std::uint64_t> rows) const override {
    ids(include_unknown).for_each([&](std::uint32_t id) { source_.bitmap_index()->or_into(id, rows); });
  }

 private:
  bool empty_row_matches(bool include_unknown) const noexcept {
    return null_answer_ == NullAnswer::kTrue || (include_unknown && null_answer_ == NullAnswer::kUnknown);
  }

  const IdSet& ids(bool include_unknown) const noexcept {
    return include_unknown && null_answer_ == NullAnswer::kUnknown ? ids_or_null_ : ids_;
  }

  void match_lists(std::uint32_t begin, std::uint32_t size, const IdSet& wanted, bool empty_matches,
                   std::uint64_t* mask) {
    const storage::StringReader::Lists lists = source_.read_lists(begin, size);
    std::fill_n(mask, (size + 63) / 64, 0);
    for (std::uint32_t row = 0; row < size; ++row) {
      const std::uint32_t* first = lists.ids + lists.offsets[row];
      const std::uint32_t* last = lists.ids + lists.offsets[row + 1];
      const bool matches = first == last
                               ? empty_matches
                               : std::any_of(first, last, [&](std::uint32_t id) { return wanted.contains(id); });
      mask[row / 64] |= std::uint64_t{matches} << (row % 64);
    }
  }

  StringSource& source_;
  IdSet ids_;
  IdSet ids_or_null_;
  NullAnswer null_answer_;
};

}  // namespace

std::unique_ptr<FilterMatcher> match_ids(StringSource& source, IdSet ids, NullAnswer null_answer) {
  return std::make_unique<StringMatcher>(source, std::move(ids), null_answer);
}

std::unique_ptr<FilterMatcher> match_strings(StringSource& source,
                                             const std::function<bool(std::string_view)>& predicate,
                                             NullAnswer null_answer) {
  const storage::Dictionary& dictionary = source.dictionary();
  IdSet ids(dictionary.size());
  for (std::uint32_t id = 0; id < dictionary.size(); ++id) {
    const std::optional<std::string_view> value = dictionary.value(id);
    if (value ? predicate(*value) : null_answer == NullAnswer::kTrue) ids.add(id);
  }
  return match_ids(source, std::move(ids), null_answer);
}

}  // namespace sarsen::engine
