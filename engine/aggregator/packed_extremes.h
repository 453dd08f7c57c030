#pragma once
// Packed states of least and greatest (packed_states.h). Codes ascend as their numbers do, so the best code is kept: as
// a word that is greater the better the code is, and 0 without rows.

#include "engine/aggregator/packed_states.h"
#include "engine/kernels/grouped.h"

namespace sarsen::engine {

template <class T, class Code, bool kMax, class State_, class Word_>
class PackedCodes {
 public:
  using Word = Word_;
  using State = State_;
  static constexpr Word kNone = 0;

  explicit PackedCodes(NarrowSource<T>& source) : codes_(source), form_(source.form()) {}

  static bool is_none(Word word) noexcept { return word == kNone; }
  static Word merged(Word into, Word from) noexcept { return std::max(into, from); }

  bool fold(Word* words, const std::uint32_t* groups, std::uint32_t begin, const Selection& selection) {
    const std::uint64_t* nulls = codes_.nulls(begin, selection.size);
    kernels::best_codes_grouped<kMax>(codes_.read(begin, selection.size), nulls, selection.positions, groups,
                                      selection.count, words);
    return nulls == nullptr;
  }

  void unpack(Word word, State& state) const noexcept {
    state.add(storage::number_of_code<T>(form_, kernels::code_of_best<kMax>(word)));
  }

 private:
  VectorCodes<T, Code> codes_;
  storage::NarrowForm form_;
};

/// nullptr: not this column. Words have a bit more than codes, at least.
template <class T, bool kMax, class State>
std::unique_ptr<PackedStates> pack_extremes(NarrowSource<T>& source) {
  if (source.form().width == 1) return pack(PackedCodes<T, std::uint8_t, kMax, State, std::uint16_t>(source));
  if (source.form().width == 2) return pack(PackedCodes<T, std::uint16_t, kMax, State, std::uint32_t>(source));
  return nullptr;
}

}  // namespace sarsen::engine
