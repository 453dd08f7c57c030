#pragma once
// Small operations on bit masks of rows (row i -> bit i % 64 of word i / 64) that need no kernel.

#include <algorithm>
#include <bit>
#include <cstdint>

#include "engine/vector/selection.h"

namespace sarsen::engine {

constexpr std::size_t mask_words(std::size_t rows) noexcept { return (rows + 63) / 64; }

/// The bits of rows [0, rows) within the last word that they touch.
constexpr std::uint64_t tail_mask(std::size_t rows) noexcept {
  return rows % 64 == 0 ? ~std::uint64_t{0} : (std::uint64_t{1} << (rows % 64)) - 1;
}

/// Sets or clears rows [0, rows); bits past `rows` are cleared.
inline void fill_mask(std::uint64_t* mask, std::size_t rows, bool value) noexcept {
  const std::size_t words = mask_words(rows);
  std::fill_n(mask, words, value ? ~std::uint64_t{0} : std::uint64_t{0});
  if (value && words > 0) mask[words - 1] = tail_mask(rows);
}

/// Complements rows [0, rows).
inline void invert_mask(std::uint64_t* mask, std::size_t rows) noexcept {
  const std::size_t words = mask_words(rows);
  for (std::size_t i = 0; i < words; ++i) mask[i] = ~mask[i];
  if (words > 0) mask[words - 1] &= tail_mask(rows);
}

/// Clears all rows of [0, rows) outside [begin, end).
inline void clip_mask(std::uint64_t* mask, std::size_t rows, std::size_t begin, std::size_t end) noexcept {
  const std::size_t words = mask_words(rows);
  for (std::size_t i = 0; i < words; ++i) {
    const std::size_t first = i * 64;
    if (first + 64 <= begin || first >= end) {
      mask[i] = 0;
      continue;
    }
    if (first < begin) mask[i] &= ~std::uint64_t{0} << (begin - first);
    if (first + 64 > end) mask[i] &= (std::uint64_t{1} << (end - first)) - 1;
  }
}

inline bool mask_has(const std::uint64_t* mask, std::size_t row) noexcept {
  return ((mask[row / 64] >> (row % 64)) & 1) != 0;
}

/// Calls visit(i, row) for the i-th selected row.
template <class Visit>
void for_each_selected(const Selection& selection, Visit visit) {
  if (selection.positions != nullptr) {
    for (std::uint32_t i = 0; i < selection.count; ++i) visit(i, selection.positions[i]);
  } else if (selection.mask == nullptr) {
    for (std::uint32_t row = 0; row < selection.size; ++row) visit(row, row);
  } else {
    std::uint32_t i = 0;
    for (std::uint32_t word = 0; word < mask_words(selection.size); ++word)
      for (std::uint64_t bits = selection.mask[word]; bits != 0; bits &= bits - 1)
        visit(i++, word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits)));
  }
}

/// The first selected row that is not before `row`; selection.size: there is none. REQUIRES: no positions.
inline std::uint32_t next_selected(const Selection& selection, std::uint32_t row) noexcept {
  if (selection.mask == nullptr || row >= selection.size) return std::min(row, selection.size);
  const auto words = static_cast<std::uint32_t>(mask_words(selection.size));
  std::uint32_t word = row / 64;
  std::uint64_t bits = selection.mask[word] & (~std::uint64_t{0} << (row % 64));
  while (bits == 0 && ++word < words) bits = selection.mask[word];
  return bits == 0 ? selection.size : word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits));
}

inline bool mask_is_empty(const std::uint64_t* mask, std::size_t words) noexcept {
  return std::all_of(mask, mask + words, [](std::uint64_t word) { return word == 0; });
}

}  // namespace sarsen::engine
