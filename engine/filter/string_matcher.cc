// Leaves on dictionary-encoded strings: by bitmap index, by id, or by each id of a multi-valued row.

#include <algorithm>

#include "engine/exec/poll.h"
#include "engine/filter/leaf_matcher.h"
#include "engine/kernels/kernels.h"
#include "engine/vector/selection.h"

namespace sarsen::engine {
namespace {

/// Dictionaries up to this are asked at once; of larger ones only the entries that rows have, unless the index wants
/// all.
constexpr std::uint32_t kAskedAtOnce = 1 << 16;

/// kernels::in_small_set
constexpr std::uint32_t kSmallSet = 32;

class StringMatcher final : public FilterMatcher {
 public:
  /// `known`: the entries before it have been asked, and `ids` are those of which the test is true; of these only null
  /// may be unknown.
  StringMatcher(StringSource& source, IdSet ids, std::uint32_t known, TextTest test)
      : source_(source),
        test_(std::move(test)),
        known_(known),
        ids_(std::move(ids)),
        ids_or_unknown_(ids_),
        asked_(0),
        empty_answer_(test_(std::nullopt)) {
    const auto null_id = source_.dictionary().find(std::nullopt);
    if (null_id && *null_id < known) add(*null_id, empty_answer_);
  }

  void match(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) override {
    if (source_.multiple_values()) return match_lists(begin, size, include_unknown, mask);
    const std::uint32_t* row_ids = source_.read_ids(begin, size);
    ask(row_ids, size);
    const IdSet& wanted = ids(include_unknown);
    const std::uint32_t entries = source_.dictionary().size();
    if (entries > 0 && entries <= kSmallSet) {
      kernels::in_small_set(row_ids, size, static_cast<std::uint32_t>(wanted.words()[0]), mask);
    } else {
      kernels::in_set(row_ids, size, wanted.words(), mask);
    }
  }

  std::optional<std::uint64_t> index_cost(bool include_unknown) const override {
    const storage::BitmapIndex* index = source_.bitmap_index();
    if (index == nullptr || (matches(empty_answer_, include_unknown) && misses_empty_rows())) return std::nullopt;
    ask_all();
    std::uint64_t rows = 0;
    ids(include_unknown).for_each([&](std::uint32_t id) { rows += index->cardinality(id); });
    return rows;
  }

  void index_rows(bool include_unknown, std::span<std::uint64_t> rows) const override {
    ask_all();
    ids(include_unknown).for_each([&](std::uint32_t id) { source_.bitmap_index()->or_into(id, rows); });
  }

 private:
  const IdSet& ids(bool include_unknown) const noexcept { return include_unknown ? ids_or_unknown_ : ids_; }

  /// A multi-valued column's rows without any value are in the null bitmap only where the dictionary starts with null.
  bool misses_empty_rows() const {
    const storage::Dictionary& dictionary = source_.dictionary();
    return source_.multiple_values() && (dictionary.size() == 0 || dictionary.value(0).has_value());
  }

  void add(std::uint32_t id, Answer answer) const {
    if (answer == Answer::kTrue) ids_.add(id);
    if (answer != Answer::kFalse) ids_or_unknown_.add(id);
  }

  void make_room(std::uint32_t size) const {
    ids_.grow_to(size);
    ids_or_unknown_.grow_to(size);
  }

  void ask_all() const {
    const storage::Dictionary& dictionary = source_.dictionary();
    make_room(dictionary.size());
    for (; known_ < dictionary.size(); ++known_) {
      poll();
      add(known_, test_(dictionary.value(known_)));
    }
  }

  /// Makes sure that the entries of these rows have been asked. The dictionary may have grown since the last time.
  void ask(const std::uint32_t* row_ids, std::size_t count) const {
    const storage::Dictionary& dictionary = source_.dictionary();
    const std::uint32_t size = dictionary.size();
    if (known_ == size) return;
    if (size - known_ <= kAskedAtOnce) return ask_all();
    make_room(size);
    asked_.grow_to(size);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t id = row_ids[i];
      if (id < known_ || asked_.contains(id)) continue;
      asked_.add(id);
      add(id, test_(dictionary.value(id)));
    }
  }

  void match_lists(std::uint32_t begin, std::uint32_t size, bool include_unknown, std::uint64_t* mask) {
    const storage::StringReader::Lists lists = source_.read_lists(begin, size);
    ask(lists.ids + lists.offsets[0], lists.offsets[size] - lists.offsets[0]);
    const IdSet& wanted = ids(include_unknown);
    const bool empty_matches = matches(empty_answer_, include_unknown);
    std::fill_n(mask, (size + 63) / 64, 0);
    for (std::uint32_t row = 0; row < size; ++row) {
      const std::uint32_t* first = lists.ids + lists.offsets[row];
      const std::uint32_t* last = lists.ids + lists.offsets[row + 1];
      const bool row_matches = first == last
                                   ? empty_matches
                                   : std::any_of(first, last, [&](std::uint32_t id) { return wanted.contains(id); });
      mask[row / 64] |= std::uint64_t{row_matches} << (row % 64);
    }
  }

  StringSource& source_;
  TextTest test_;
  // What is known of the dictionary so far.
  mutable std::uint32_t known_;
  mutable IdSet ids_;
  mutable IdSet ids_or_unknown_;
  mutable IdSet asked_;  // from known_ on
  Answer empty_answer_;
};

}  // namespace

std::unique_ptr<FilterMatcher> match_answers(StringSource& source, TextTest test) {
  return std::make_unique<StringMatcher>(source, IdSet(0), 0, std::move(test));
}

std::unique_ptr<FilterMatcher> match_ids(StringSource& source, IdSet ids, TextTest test) {
  return std::make_unique<StringMatcher>(source, std::move(ids), source.dictionary().size(), std::move(test));
}

std::unique_ptr<FilterMatcher> match_strings(StringSource& source, std::function<bool(std::string_view)> predicate,
                                             NullAnswer null_answer) {
  return match_answers(source, [predicate = std::move(predicate), null_answer](std::optional<std::string_view> value) {
    return value ? answer_of(predicate(*value)) : null_answer;
  });
}

}  // namespace sarsen::engine
