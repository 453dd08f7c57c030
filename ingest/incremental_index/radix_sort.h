#pragma once
// Sorts many things by a number of 64 bits each, without comparing them: they are dealt out by eleven bits at a time,
// from the lowest that differ on. Thread-safe: no state.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace sarsen::ingest {

/// From here on it is faster than comparing.
inline constexpr std::size_t kRadixSortMin = 1024;

/// Orders `items`, which have a member `key`, by it; those that tie stay in their order.
template <class Item>
void radix_sort(std::span<Item> items) {
  constexpr unsigned kDigitBits = 11;
  constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
  std::uint64_t differing = 0;
  for (const Item& item : items) differing |= item.key ^ items.front().key;
  std::vector<Item> other(items.size());
  std::span<Item> from = items;
  std::span<Item> to = other;
  while (differing != 0) {
    const int shift = std::countr_zero(differing);
    const auto digit = [shift](const Item& item) { return item.key >> shift & (kDigits - 1); };
    std::array<std::uint32_t, kDigits> places{};
    for (const Item& item : from) ++places[digit(item)];
    std::uint32_t sum = 0;
    for (std::uint32_t& place : places) sum += std::exchange(place, sum);
    for (const Item& item : from) to[places[digit(item)]++] = item;
    std::swap(from, to);
    differing &= ~(std::uint64_t{kDigits - 1} << shift);
  }
  if (from.data() != items.data()) std::copy(from.begin(), from.end(), items.begin());
}

}  // namespace sarsen::ingest
