#pragma once
// States in as few bytes as their columns allow, for a scan whose groups are numbered by dictionary ids: each
// aggregator has an array with a word for each group. Rows of whole states for 200,000 groups fill megabytes, through
// which rows of random groups go from one miss of the cache to the next; the words stay in it, and take one addition a
// row.
//
// Only columns in narrow form (storage/narrow) are folded so: their numbers are no NaN and no -0.0, and of integers it
// is known how far they can add up. What comes out is to the last bit what Aggregator::fold_groups makes. Not
// thread-safe.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/aggregator/aggregator_of.h"
#include "engine/aggregator/packs_states.h"
#include "engine/aggregator/ranked_packed_states.h"
#include "storage/base/large_vector.h"
#include "storage/narrow/narrow_numbers.h"

namespace sarsen::engine {

/// A `Packing` has: using Word, using State; kNone, the word of a group without a value, and is_none(Word);
/// fold(Word*, groups, begin, selection) -> bool as PackedStates::fold; static Word merged(Word, Word);
/// unpack(Word, State&), of a word that is not none; State::rank(), as RankedStates.
template <class Packing>
class PackedStatesOf final : public PackedStates, public RankedPackedStates {
 public:
  using Word = typename Packing::Word;

  explicit PackedStatesOf(Packing packing) : packing_(std::move(packing)) {}

  void grow_to(std::uint32_t groups) override {
    if (groups > words_.size()) words_.resize(groups, Packing::kNone);
  }
  std::size_t bytes() const noexcept override { return words_.bytes(); }

  bool fold(std::uint32_t first, const std::uint32_t* groups, std::uint32_t begin,
            const Selection& selection) override {
    return packing_.fold(words_.data() + first, groups, begin, selection);
  }

  void mark_met(std::uint8_t* met) const noexcept override {
    for (std::size_t group = 0; group < words_.size(); ++group)
      if (!Packing::is_none(words_[group])) met[group] = 1;
  }

  void absorb(const PackedStates& next, std::uint32_t next_first, std::uint32_t first,
              std::uint32_t count) noexcept override {
    const Word* const from = static_cast<const PackedStatesOf&>(next).words_.data() + next_first;
    Word* const into = words_.data() + first;
    for (std::uint32_t i = 0; i < count; ++i) into[i] = Packing::merged(into[i], from[i]);
  }

  void ranks(std::uint32_t begin, std::span<double> ranks) const noexcept override {
    const Word* word = words_.data() + begin;
    for (double& rank : ranks) rank = this->rank(*word++);
  }

  void unpack(std::span<const std::uint32_t> groups, std::byte* states, std::size_t stride) const noexcept override {
    for (std::size_t i = 0; i < groups.size(); ++i)
      if (const Word word = words_[groups[i]]; !Packing::is_none(word))
        packing_.unpack(word, state_at<typename Packing::State>(states + i * stride));
  }

 private:
  double rank(Word word) const noexcept {
    typename Packing::State state;
    packing_.unpack(word, state);
    return Packing::is_none(word) ? std::numeric_limits<double>::quiet_NaN() : state.rank();
  }

  Packing packing_;
  LargeVector<Word> words_;  // by group
};

template <class Packing>
std::unique_ptr<PackedStates> pack(Packing packing) {
  return std::make_unique<PackedStatesOf<Packing>>(std::move(packing));
}

/// The codes of a vector's rows, in one piece also where they lie in two blocks. REQUIRES: codes of this type.
template <class T, class Code>
class VectorCodes {
 public:
  explicit VectorCodes(NarrowSource<T>& source) : source_(&source) {}

  const std::uint64_t* nulls(std::uint32_t begin, std::uint32_t size) { return source_->nulls(begin, size); }

  /// Valid until the next call.
  const Code* read(std::uint32_t begin, std::uint32_t size) {
    if (const std::byte* codes = source_->codes(begin, size).codes; codes != nullptr)
      return reinterpret_cast<const Code*>(codes);
    const std::uint32_t first = storage::kNarrowBlockRows - begin % storage::kNarrowBlockRows;
    copy(begin, first, 0);
    copy(begin + first, size - first, first);
    return joined_.data();
  }

 private:
  void copy(std::uint32_t begin, std::uint32_t size, std::uint32_t at) {
    std::memcpy(joined_.data() + at, source_->codes(begin, size).codes, size * sizeof(Code));
  }

  NarrowSource<T>* source_;
  std::array<Code, kVectorRows> joined_;
};

}  // namespace sarsen::engine
