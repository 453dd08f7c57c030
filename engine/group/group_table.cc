#include "engine/group/group_table.h"

#include <algorithm>
#include <bit>

namespace sarsen::engine {
namespace {

constexpr std::size_t kSlotsMin = 1024;
/// The array has this many places from the start, if it may have as many.
constexpr std::uint64_t kDensePlacesMin = 1 << 10;

/// Murmur3's finaliser: every bit of the key reaches every bit of the slot.
std::uint64_t mix(std::uint64_t key) noexcept {
  key ^= key >> 33;
  key *= 0xff51afd7ed558ccdULL;
  key ^= key >> 33;
  key *= 0xc4ceb9fe1a85ec53ULL;
  return key ^ (key >> 33);
}

}  // namespace

GroupTable::GroupTable(std::uint64_t dense_keys)
    : dense_max_(dense_keys == 0 ? 0 : std::bit_ceil(dense_keys)),
      dense_(std::min(dense_max_, kDensePlacesMin), kNone) {}

void GroupTable::find_or_add(const std::uint64_t* keys, std::uint32_t count, std::uint32_t* groups) {
  if (is_dense(keys, count)) {
    for (std::uint32_t i = 0; i < count; ++i) groups[i] = find_or_add_dense(keys[i]);
    return;
  }
  if (slots_.empty()) {
    dense_ = {};
    dense_max_ = 0;
    rehash(kSlotsMin);
  }
  for (std::uint32_t i = 0; i < count; ++i) groups[i] = find_or_add_hashed(keys[i]);
}

/// The array's size is a power of two: the union of the keys is within it just where all of them are, and is found
/// without a branch.
bool GroupTable::is_dense(const std::uint64_t* keys, std::uint32_t count) {
  std::uint64_t all = 0;
  for (std::uint32_t i = 0; i < count; ++i) all |= keys[i];
  if (all >= dense_max_) return false;
  if (all >= dense_.size()) dense_.resize(std::bit_ceil(all + 1), kNone);
  return true;
}

inline std::uint32_t GroupTable::find_or_add_dense(std::uint64_t key) {
  std::uint32_t& group = dense_[key];
  if (group == kNone) [[unlikely]] {
    group = size();
    keys_.push_back(key);
  }
  return group;
}

inline std::uint32_t GroupTable::find_or_add_hashed(std::uint64_t key) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = mix(key) & mask;
  while (slots_[slot] != kNone) {
    if (keys_[slots_[slot]] == key) return slots_[slot];
    slot = (slot + 1) & mask;
  }
  const std::uint32_t group = size();
  slots_[slot] = group;
  keys_.push_back(key);
  if (keys_.size() * 2 > slots_.size()) rehash(slots_.size() * 2);
  return group;
}

void GroupTable::rehash(std::size_t slots) {
  slots = std::max(slots, kSlotsMin);
  while (keys_.size() * 2 > slots) slots *= 2;
  slots_.assign(slots, kNone);
  for (std::uint32_t group = 0; group < size(); ++group) {
    std::size_t slot = mix(keys_[group]) & (slots - 1);
    while (slots_[slot] != kNone) slot = (slot + 1) & (slots - 1);
    slots_[slot] = group;
  }
}

}  // namespace sarsen::engine
