#pragma once
// Decoded blocks, kept for all queries within one budget of bytes. A block is decoded outside any lock: two threads
// that miss at once may both decode it, one result is kept. Whoever reads a block holds it (Block is a shared pointer),
// so dropping an entry is always safe.
//
// The cache is cut into shards by key; each evicts by the clock: a hit sets a bit, the hand clears bits and takes the
// first entry without one. Thread safety: all methods, from any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "storage/base/memory_count.h"

namespace sarsen::storage {

/// Bytes of one decoded block, aligned for any number.
struct DecodedBlock {
  std::unique_ptr<std::byte[]> bytes;
  std::size_t size = 0;
};

class BlockCache {
 public:
  using Block = std::shared_ptr<const DecodedBlock>;

  struct Key {
    std::uint64_t owner;  // from new_owner()
    std::uint32_t index;
    bool operator==(const Key&) const = default;
  };

  struct Statistics {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t evictions = 0;
    std::size_t bytes = 0;
    std::size_t entries = 0;
  };

  explicit BlockCache(std::size_t budget_bytes);

  /// The cache of this process; 1 GiB until someone says otherwise.
  static BlockCache& shared();

  /// Evicts down to the new budget. Blocks in use are freed when their readers let go.
  void set_budget_bytes(std::size_t budget_bytes);

  /// A number for one list of blocks, never given twice.
  static std::uint64_t new_owner() noexcept;

  /// The block of `key`; where it is not here, what `decode` returns, which is then kept. `decode` may throw.
  template <class Decode>
  Block get(const Key& key, Decode&& decode) {
    Shard& shard = shard_of(key);
    if (Block block = shard.find(key)) return block;
    const MemoryPause pause;  // the cache's, not the query's
    return shard.insert(key, decode());
  }

  /// Drops the blocks [0, block_count) of `owner`.
  void forget(std::uint64_t owner, std::uint32_t block_count);

  Statistics statistics() const;

 private:
  struct Slot {
    Key key;
    Block block;  // null: the slot is free
    bool used = false;
  };

  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept;
  };

  class Shard {
   public:
    Block find(const Key& key);
    Block insert(const Key& key, Block block);
    void erase(const Key& key);
    void set_budget_bytes(std::size_t budget_bytes);
    void add_to(Statistics& statistics) const;

   private:
    void make_room(std::size_t size);
    void free_slot(std::size_t position);

    mutable std::mutex mutex_;
    std::unordered_map<Key, std::size_t, KeyHash> positions_;
    std::vector<Slot> slots_;
    std::vector<std::size_t> free_;
    std::size_t hand_ = 0;
    std::size_t budget_bytes_ = 0;
    Statistics statistics_;
  };

  static constexpr std::size_t kShards = 16;

  Shard& shard_of(const Key& key) noexcept { return shards_[KeyHash{}(key) % kShards]; }

  std::array<Shard, kShards> shards_;
};

}  // namespace sarsen::storage
