#pragma once
// Folds of rows into the states of their groups: the loops of group-by and topN. Row i of `count` is
// values[positions[i]], or values[i] where positions is nullptr; its group's field lies at states + groups[i] * stride
// + offset, aligned as its type. `nulls`, bit words over the values, says which of them are null; nullptr: none.
//
// A row's address depends on data and two rows may share a group, so these loops are not vectorised and need no
// instruction set: plain loops, with the choices (positions or not, nulls or not) made outside of them. Rows are folded
// in the order given.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace sarsen::engine::kernels {

namespace grouped {

/// Calls fold(row, group field) for each row.
template <class Field, class Fold>
inline void for_each_row(const std::uint32_t* positions, const std::uint32_t* groups, std::size_t count,
                         std::byte* states, std::size_t stride, Fold fold) noexcept {
  if (positions == nullptr) {
    for (std::size_t i = 0; i < count; ++i) fold(i, *reinterpret_cast<Field*>(states + groups[i] * stride));
  } else {
    for (std::size_t i = 0; i < count; ++i)
      fold(std::size_t{positions[i]}, *reinterpret_cast<Field*>(states + groups[i] * stride));
  }
}

inline bool is_null(const std::uint64_t* nulls, std::size_t row) noexcept {
  return (nulls[row / 64] >> row % 64 & 1) != 0;
}

/// Math.min or Math.max of state and value into state, without a branch that depends on which of them it is: with many
/// groups nobody can foresee it. Asked both ways, a comparison of zeros gives both zeros; the least is the union of
/// their bits, the greatest the intersection.
template <bool kGreatest, class Value>
inline void take_extreme(Value& state, Value value) noexcept {
  const Value first = (kGreatest ? value > state : value < state) ? value : state;
  if constexpr (std::is_floating_point_v<Value>) {
    using Bits = std::conditional_t<sizeof(Value) == 8, std::uint64_t, std::uint32_t>;
    const Value second = (kGreatest ? state > value : state < value) ? state : value;
    const auto first_bits = std::bit_cast<Bits>(first), second_bits = std::bit_cast<Bits>(second);
    const Bits both = kGreatest ? first_bits & second_bits : first_bits | second_bits;
    const bool is_nan = value != value || state != state;
    state = is_nan ? std::numeric_limits<Value>::quiet_NaN() : std::bit_cast<Value>(both);
  } else {
    state = first;
  }
}

template <bool kGreatest, class Value>
inline void extreme(const Value* values, const std::uint64_t* nulls, const std::uint32_t* positions,
                    const std::uint32_t* groups, std::size_t count, std::byte* states, std::size_t stride) noexcept {
  if (nulls == nullptr) {
    for_each_row<Value>(positions, groups, count, states, stride,
                        [values](std::size_t row, Value& state) { take_extreme<kGreatest>(state, values[row]); });
  } else {
    for_each_row<Value>(positions, groups, count, states, stride, [values, nulls](std::size_t row, Value& state) {
      if (!is_null(nulls, row)) take_extreme<kGreatest>(state, values[row]);
    });
  }
}

}  // namespace grouped

/// Adds each row's value to its group. State is std::uint64_t for longs, so that overflow wraps; else mostly Value
/// itself. REQUIRES: a null's value is 0, so that nulls need no asking; a floating sum began at 0.0.
template <class State, class Value>
inline void add_grouped(const Value* values, const std::uint32_t* positions, const std::uint32_t* groups,
                        std::size_t count, std::byte* states, std::size_t stride, std::size_t offset) noexcept {
  grouped::for_each_row<State>(positions, groups, count, states + offset, stride,
                               [values](std::size_t row, State& state) { state += static_cast<State>(values[row]); });
}

/// The same where a null may hold any value.
template <class State, class Value>
inline void add_grouped(const Value* values, const std::uint64_t* nulls, const std::uint32_t* positions,
                        const std::uint32_t* groups, std::size_t count, std::byte* states, std::size_t stride,
                        std::size_t offset) noexcept {
  if (nulls == nullptr) return add_grouped<State>(values, positions, groups, count, states, stride, offset);
  grouped::for_each_row<State>(positions, groups, count, states + offset, stride,
                               [values, nulls](std::size_t row, State& state) {
                                 state += grouped::is_null(nulls, row) ? State{0} : static_cast<State>(values[row]);
                               });
}

/// Math.min of the group's field and each of its rows' values, nulls left out: NaN wins, -0.0 < 0.0.
template <class Value>
inline void min_grouped(const Value* values, const std::uint64_t* nulls, const std::uint32_t* positions,
                        const std::uint32_t* groups, std::size_t count, std::byte* states, std::size_t stride,
                        std::size_t offset) noexcept {
  grouped::extreme<false>(values, nulls, positions, groups, count, states + offset, stride);
}

/// Math.max, likewise.
template <class Value>
inline void max_grouped(const Value* values, const std::uint64_t* nulls, const std::uint32_t* positions,
                        const std::uint32_t* groups, std::size_t count, std::byte* states, std::size_t stride,
                        std::size_t offset) noexcept {
  grouped::extreme<true>(values, nulls, positions, groups, count, states + offset, stride);
}

/// Adds the number of each group's rows to its std::uint64_t.
inline void count_grouped(const std::uint32_t* groups, std::size_t count, std::byte* states, std::size_t stride,
                          std::size_t offset) noexcept {
  grouped::for_each_row<std::uint64_t>(nullptr, groups, count, states + offset, stride,
                                       [](std::size_t, std::uint64_t& state) { ++state; });
}

/// The number of rows that are not null.
inline void count_grouped(const std::uint64_t* nulls, const std::uint32_t* positions, const std::uint32_t* groups,
                          std::size_t count, std::byte* states, std::size_t stride, std::size_t offset) noexcept {
  if (nulls == nullptr) return count_grouped(groups, count, states, stride, offset);
  grouped::for_each_row<std::uint64_t>(
      positions, groups, count, states + offset, stride,
      [nulls](std::size_t row, std::uint64_t& state) { state += grouped::is_null(nulls, row) ? 0 : 1; });
}

/// Sets the byte of each group that has a row that is not null: "this sum is of something".
inline void mark_grouped(const std::uint64_t* nulls, const std::uint32_t* positions, const std::uint32_t* groups,
                         std::size_t count, std::byte* states, std::size_t stride, std::size_t offset) noexcept {
  grouped::for_each_row<std::uint8_t>(positions, groups, count, states + offset, stride,
                                      [nulls](std::size_t row, std::uint8_t& mark) {
                                        if (nulls == nullptr || !grouped::is_null(nulls, row)) mark = 1;
                                      });
}

// The same into a word for each group, words of neighbouring groups side by side. Nulls are left out.

namespace grouped {

/// Calls fold(row, word) for each row that is not null.
template <class Word, class Fold>
inline void for_each_word(const std::uint64_t* nulls, const std::uint32_t* positions, const std::uint32_t* groups,
                          std::size_t count, Word* words, Fold fold) noexcept {
  auto* const bytes = reinterpret_cast<std::byte*>(words);
  if (nulls == nullptr) return for_each_row<Word>(positions, groups, count, bytes, sizeof(Word), fold);
  for_each_row<Word>(positions, groups, count, bytes, sizeof(Word), [nulls, fold](std::size_t row, Word& word) {
    if (!is_null(nulls, row)) fold(row, word);
  });
}

/// The better a code, the greater; never 0.
template <bool kGreatest, class Word, class Code>
inline Word rank_of_code(Code code) noexcept {
  static_assert(sizeof(Word) > sizeof(Code));
  return static_cast<Word>(kGreatest ? code + 1U : ~std::uint32_t{code});
}

}  // namespace grouped

/// Adds `one` and the row's code. What leaves a word is lost.
template <class Word, class Code>
inline void add_codes_grouped(const Code* codes, Word one, const std::uint64_t* nulls, const std::uint32_t* positions,
                              const std::uint32_t* groups, std::size_t count, Word* words) noexcept {
  grouped::for_each_word(nulls, positions, groups, count, words,
                         [codes, one](std::size_t row, Word& word) { word += one + codes[row]; });
}

/// Adds the row's number.
inline void add_numbers_grouped(const double* numbers, const std::uint64_t* nulls, const std::uint32_t* positions,
                                const std::uint32_t* groups, std::size_t count, double* words) noexcept {
  grouped::for_each_word(nulls, positions, groups, count, words,
                         [numbers](std::size_t row, double& word) { word += numbers[row]; });
}

/// Keeps the greatest or the least code, as a word of which code_of_best makes the code again; 0: of no row.
template <bool kGreatest, class Word, class Code>
inline void best_codes_grouped(const Code* codes, const std::uint64_t* nulls, const std::uint32_t* positions,
                               const std::uint32_t* groups, std::size_t count, Word* words) noexcept {
  grouped::for_each_word(nulls, positions, groups, count, words, [codes](std::size_t row, Word& word) {
    const Word rank = grouped::rank_of_code<kGreatest, Word>(codes[row]);
    word = word < rank ? rank : word;
  });
}

template <bool kGreatest, class Word>
inline std::uint32_t code_of_best(Word word) noexcept {
  return kGreatest ? word - 1U : static_cast<Word>(~word);
}

}  // namespace sarsen::engine::kernels
