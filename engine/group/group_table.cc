#include "engine/group/group_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace sarsen::engine {
namespace {

constexpr std::size_t kSlotsMin = 1024;
/// Tables of fewer slots grow to four times their size: putting all groups in again costs more than a small array.
constexpr std::size_t kSlotsGrowFast = 1 << 15;
/// So many keys' slots are on their way from memory at a time.
constexpr std::uint32_t kKeysAhead = 64;
/// An array of more places is a large one.
constexpr std::uint64_t kLargePlaces = 1 << 22;
/// Two to four slots, of twice a place's bytes, are what hashing takes for a key.
constexpr std::uint64_t kLargePlacesPerKey = 4;
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

GroupTable::GroupTable(std::uint64_t dense_keys, std::uint64_t places_per_key)
    : dense_max_(dense_keys == 0 ? 0 : std::bit_ceil(dense_keys)),
      places_per_key_(places_per_key),
      dense_(std::min(dense_max_, kDensePlacesMin), kNone) {}

GroupTable::Tag GroupTable::tag_of(std::uint64_t key) noexcept { return static_cast<Tag>(mix(key) >> 32); }

void GroupTable::find_or_add(const std::uint64_t* keys, std::uint32_t count, std::uint32_t* groups) {
  if (is_dense(keys, count)) {
    for (std::uint32_t i = 0; i < count; ++i) groups[i] = find_or_add_dense(keys[i]);
    return;
  }
  if (slots_.empty()) hash_all();
  for (std::uint32_t begin = 0; begin < count; begin += kKeysAhead)
    find_or_add_hashed(keys + begin, std::min(kKeysAhead, count - begin), groups + begin);
}

/// The array's size is a power of two: the union of the keys is within it just where all of them are, and is found
/// without a branch.
bool GroupTable::is_dense(const std::uint64_t* keys, std::uint32_t count) {
  std::uint64_t all = 0;
  for (std::uint32_t i = 0; i < count; ++i) all |= keys[i];
  if (all >= dense_max_) return false;
  if (all < dense_.size()) return true;
  const std::uint64_t places = std::bit_ceil(all + 1);
  if (!may_have_places(places, count)) return false;
  dense_.resize(places, kNone);
  return true;
}

bool GroupTable::may_have_places(std::uint64_t places, std::uint32_t count) const noexcept {
  if (places_per_key_ == UINT64_MAX) return true;
  const std::uint64_t keys = std::max(keys_.size() + count, expected_);
  return places <= (places <= kLargePlaces ? places_per_key_ : std::min(places_per_key_, kLargePlacesPerKey)) * keys;
}

inline std::uint32_t GroupTable::find_or_add_dense(std::uint64_t key) {
  std::uint32_t& group = dense_[key];
  if (group == kNone) [[unlikely]]
    group = add(key);
  return group;
}

/// REQUIRES: count <= kKeysAhead.
void GroupTable::find_or_add_hashed(const std::uint64_t* keys, std::uint32_t count, std::uint32_t* groups) {
  std::array<Tag, kKeysAhead> tags;
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t i = 0; i < count; ++i) {
    tags[i] = tag_of(keys[i]);
    __builtin_prefetch(&slots_[tags[i] & mask]);
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t held = slots_[tags[i] & mask];
    __builtin_prefetch(keys_.data() + (held == kFree ? 0 : static_cast<std::uint32_t>(held)));
  }
  for (std::uint32_t i = 0; i < count; ++i) groups[i] = find_or_add_hashed(keys[i], tags[i]);
}

inline std::uint32_t GroupTable::find_or_add_hashed(std::uint64_t key, Tag tag) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = tag & mask;; slot = (slot + 1) & mask) {
    const std::uint64_t held = slots_[slot];
    const auto group = static_cast<std::uint32_t>(held);
    if (held == kFree) {
      slots_[slot] = std::uint64_t{tag} << 32 | size();
      return add(key);
    }
    if (held >> 32 == tag && keys_[group] == key) return group;
  }
}

std::uint32_t GroupTable::add(std::uint64_t key) {
  const std::uint32_t group = size();
  keys_.push_back(key);
  if (keys_.size() * 2 > slots_.size() && !slots_.empty())
    rehash(slots_.size() < kSlotsGrowFast ? slots_.size() * 4 : slots_.size() * 2);
  return group;
}

/// From now on, no key is a place of the array.
void GroupTable::hash_all() {
  dense_ = {};
  dense_max_ = 0;
  slots_ = {std::bit_ceil(std::max(kSlotsMin, std::max(keys_.size(), expected_) * 2 + 1)), kFree};
  for (std::uint32_t group = 0; group < size(); ++group) insert(std::uint64_t{tag_of(keys_[group])} << 32 | group);
}

void GroupTable::rehash(std::size_t slots) {
  LargeVector<std::uint64_t> full = std::exchange(slots_, {slots, kFree});
  for (std::size_t slot = 0; slot < full.size(); ++slot)
    if (full[slot] != kFree) insert(full[slot]);
}

inline void GroupTable::insert(std::uint64_t held) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = held >> 32 & mask;
  while (slots_[slot] != kFree) slot = (slot + 1) & mask;
  slots_[slot] = held;
}

}  // namespace sarsen::engine
