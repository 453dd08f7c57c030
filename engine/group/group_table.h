#pragma once
// Keys to dense group numbers: 0, 1, 2, … in the order in which they are met. Small key spaces are an array indexed by
// the key; others an open-addressing hash table that finds a vector of keys at a time. Not thread-safe.

#include <cstdint>
#include <vector>

namespace sarsen::engine {

class GroupTable {
 public:
  /// Keys below `dense_keys`, or the power of two above it, use the array for as long as no greater key is met; it
  /// grows with the keys. 0: hash from the start.
  explicit GroupTable(std::uint64_t dense_keys = 0);

  /// groups[i] = the group of keys[i]; new keys get new groups.
  void find_or_add(const std::uint64_t* keys, std::uint32_t count, std::uint32_t* groups);

  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(keys_.size()); }
  std::uint64_t key(std::uint32_t group) const noexcept { return keys_[group]; }
  /// What the array may come to take.
  std::size_t dense_bytes_max() const noexcept { return dense_max_ * sizeof(std::uint32_t); }
  std::size_t bytes() const noexcept { return (dense_.capacity() + slots_.capacity()) * 4 + keys_.capacity() * 8; }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  bool is_dense(const std::uint64_t* keys, std::uint32_t count);
  std::uint32_t find_or_add_dense(std::uint64_t key);
  std::uint32_t find_or_add_hashed(std::uint64_t key);
  void rehash(std::size_t slots);

  std::vector<std::uint64_t> keys_;   // by group
  std::uint64_t dense_max_ = 0;       // keys below it use the array: a power of two; 0: hashed
  std::vector<std::uint32_t> dense_;  // by key
  std::vector<std::uint32_t> slots_;  // groups, kNone where free; a power of two
};

}  // namespace sarsen::engine
