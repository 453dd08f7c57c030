#pragma once
// Keys to dense group numbers: 0, 1, 2, … in the order in which they are met. Small key spaces are an array indexed by
// the key; others an open-addressing hash table that finds a vector of keys at a time, memory coming nearer
// meanwhile. Not thread-safe.

#include <cstddef>
#include <cstdint>

#include "storage/base/large_vector.h"

namespace sarsen::engine {

class GroupTable {
 public:
  /// Keys below `dense_keys`, or the power of two above it, use the array for as long as no greater key is met; it
  /// grows with the keys. 0: hash from the start. The array may have so many places for each key that was asked for, or
  /// is expected, where few keys must not pay for a large one; a large array, at most as many as a hash table takes.
  explicit GroupTable(std::uint64_t dense_keys = 0, std::uint64_t places_per_key = UINT64_MAX);

  /// So many keys, at least, will be asked for: a hash table has room for them from the start.
  void expect(std::size_t keys) noexcept { expected_ = keys; }
  /// groups[i] = the group of keys[i]; new keys get new groups.
  void find_or_add(const std::uint64_t* keys, std::uint32_t count, std::uint32_t* groups);

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(keys_.size()); }
  std::uint64_t key(std::uint32_t group) const noexcept { return keys_[group]; }
  /// What the array may come to take.
  std::size_t dense_bytes_max() const noexcept { return dense_max_ * sizeof(std::uint32_t); }
  std::size_t bytes() const noexcept { return dense_.bytes() + slots_.bytes() + keys_.bytes(); }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  /// The high half of a key's hash. A slot holds it above the group, so that few keys are looked at in vain.
  using Tag = std::uint32_t;
  static constexpr std::uint64_t kFree = UINT64_MAX;

  static Tag tag_of(std::uint64_t key) noexcept;
  bool is_dense(const std::uint64_t* keys, std::uint32_t count);
  bool may_have_places(std::uint64_t places, std::uint32_t count) const noexcept;
  std::uint32_t find_or_add_dense(std::uint64_t key);
  void find_or_add_hashed(const std::uint64_t* keys, std::uint32_t count, std::uint32_t* groups);
  std::uint32_t find_or_add_hashed(std::uint64_t key, Tag tag);
  std::uint32_t add(std::uint64_t key);
  void hash_all();
  void rehash(std::size_t slots);
  void insert(std::uint64_t held);

  LargeVector<std::uint64_t> keys_;  // by group
  std::uint64_t dense_max_ = 0;      // keys below it use the array: a power of two; 0: hashed
  std::uint64_t places_per_key_;
  std::size_t expected_ = 0;
  LargeVector<std::uint32_t> dense_;  // by key
  LargeVector<std::uint64_t> slots_;  // a power of two
};

}  // namespace sarsen::engine
