#pragma once
// Packed states of sums (packed_states.h). State is SumState of sum.cc.

#include <bit>
#include <limits>

#include "engine/aggregator/packed_states.h"
#include "engine/kernels/grouped.h"

namespace sarsen::engine {

/// Integers, added as such: their sums are exact as doubles, too. Each row adds `one` and its code. In a word of 32
/// bits `one` is the least number of the column, which is above 0, so that the word is the sum, and none without rows;
/// in one of 64 bits the rows are counted above the sum of the codes.
template <class T, class Code, class State_, class Word_>
class PackedIntegers {
 public:
  using Word = Word_;
  using State = State_;
  static constexpr Word kNone = 0;
  static constexpr int kSumBits = 40;
  static constexpr bool kCounts = sizeof(Word) == 8;

  explicit PackedIntegers(NarrowSource<T>& source)
      : codes_(source),
        base_(source.form().base),
        one_(kCounts ? Word{1} << kSumBits % (sizeof(Word) * 8) : Word(base_)) {}

  static bool is_none(Word word) noexcept { return word == kNone; }
  static Word merged(Word into, Word from) noexcept { return into + from; }

  bool fold(Word* words, const std::uint32_t* groups, std::uint32_t begin, const Selection& selection) {
    const std::uint64_t* nulls = codes_.nulls(begin, selection.size);
    kernels::add_codes_grouped(codes_.read(begin, selection.size), one_, nulls, selection.positions, groups,
                               selection.count, words);
    return nulls == nullptr;
  }

  void unpack(Word word, State& state) const noexcept {
    std::uint64_t sum = word;
    if constexpr (kCounts)
      sum = (word & ((std::uint64_t{1} << kSumBits) - 1)) + static_cast<std::uint64_t>(base_) * (word >> kSumBits);
    state.add(static_cast<decltype(state.sum)>(static_cast<std::int64_t>(sum)));
  }

 private:
  VectorCodes<T, Code> codes_;
  std::int64_t base_;
  Word one_;
};

/// Other numbers, row by row. -0.0 is what adding a number to leaves the number, and no sum of a narrow column's.
template <class State_>
class PackedNumbers {
 public:
  using Word = double;
  using State = State_;
  static constexpr Word kNone = -0.0;

  explicit PackedNumbers(NarrowSource<double>& source) : source_(&source) {}

  static bool is_none(Word word) noexcept {
    return std::bit_cast<std::uint64_t>(word) == std::bit_cast<std::uint64_t>(kNone);
  }
  static Word merged(Word into, Word from) noexcept { return into + from; }

  bool fold(Word* words, const std::uint32_t* groups, std::uint32_t begin, const Selection& selection) {
    const NumericVector<double> vector = source_->read(begin, selection.size);
    kernels::add_numbers_grouped(vector.values, vector.nulls, selection.positions, groups, selection.count, words);
    return vector.nulls == nullptr;
  }

  void unpack(Word word, State& state) const noexcept { state.add(word); }

 private:
  NarrowSource<double>* source_;
};

/// nullptr: not this column, as its sums may leave the words.
template <class T, class State, class Code>
std::unique_ptr<PackedStates> pack_integers(NarrowSource<T>& source, std::uint32_t rows) {
  const std::int64_t base = source.form().base;
  const auto greatest = static_cast<std::uint64_t>(base < 0 ? -base : base) + std::numeric_limits<Code>::max();
  const auto fits = [&](std::uint64_t sum_max) { return greatest <= sum_max / std::max(rows, 1U); };
  if (base > 0 && fits(std::numeric_limits<std::uint32_t>::max()))
    return pack(PackedIntegers<T, Code, State, std::uint32_t>(source));
  if (rows < (1U << 24) && fits(std::uint64_t{1} << 53))
    return pack(PackedIntegers<T, Code, State, std::uint64_t>(source));
  return nullptr;
}

/// nullptr: not this column.
template <class T, class State>
std::unique_ptr<PackedStates> pack_sums(NarrowSource<T>& source, std::uint32_t rows) {
  std::unique_ptr<PackedStates> packed;
  if (source.form().divisor == 1 && source.form().width == 1)
    packed = pack_integers<T, State, std::uint8_t>(source, rows);
  if (source.form().divisor == 1 && source.form().width == 2)
    packed = pack_integers<T, State, std::uint16_t>(source, rows);
  if constexpr (std::is_same_v<T, double>)
    if (packed == nullptr) packed = pack(PackedNumbers<State>(source));
  return packed;
}

}  // namespace sarsen::engine
