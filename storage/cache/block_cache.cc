#include "storage/cache/block_cache.h"

#include <atomic>
#include <utility>

namespace sarsen::storage {

namespace {

constexpr std::size_t kDefaultBudgetBytes = 1ULL << 30;
constexpr std::size_t kEntryBytes = 128;  // what an entry costs beside its bytes, roughly

std::size_t cost_of(const DecodedBlock& block) noexcept { return block.size + kEntryBytes; }

}  // namespace

std::size_t BlockCache::KeyHash::operator()(const Key& key) const noexcept {
  // Fibonacci hashing: neighbours spread over shards, the high half decides.
  const std::uint64_t product = (key.owner * 0x100000001B3ULL + key.index + 1) * 0x9E3779B97F4A7C15ULL;
  return static_cast<std::size_t>(product ^ product >> 32);
}

BlockCache::BlockCache(std::size_t budget_bytes) { set_budget_bytes(budget_bytes); }

BlockCache& BlockCache::shared() {
  static BlockCache cache(kDefaultBudgetBytes);
  return cache;
}

void BlockCache::set_budget_bytes(std::size_t budget_bytes) {
  for (Shard& shard : shards_) shard.set_budget_bytes(budget_bytes / kShards);
}

std::uint64_t BlockCache::new_owner() noexcept {
  static std::atomic<std::uint64_t> next{0};
  return next.fetch_add(1, std::memory_order_relaxed);
}

void BlockCache::forget(std::uint64_t owner, std::uint32_t block_count) {
  for (std::uint32_t index = 0; index < block_count; ++index) shard_of({owner, index}).erase({owner, index});
}

BlockCache::Statistics BlockCache::statistics() const {
  Statistics sum;
  for (const Shard& shard : shards_) shard.add_to(sum);
  return sum;
}

BlockCache::Block BlockCache::Shard::find(const Key& key) {
  const std::lock_guard lock(mutex_);
  const auto found = positions_.find(key);
  if (found == positions_.end()) {
    ++statistics_.misses;
    return nullptr;
  }
  ++statistics_.hits;
  Slot& slot = slots_[found->second];
  slot.used = true;
  return slot.block;
}

BlockCache::Block BlockCache::Shard::insert(const Key& key, Block block) {
  const std::lock_guard lock(mutex_);
  if (const auto found = positions_.find(key); found != positions_.end()) return slots_[found->second].block;
  if (cost_of(*block) > budget_bytes_) return block;
  make_room(cost_of(*block));
  if (free_.empty()) {
    free_.push_back(slots_.size());
    slots_.emplace_back();
  }
  const std::size_t position = free_.back();
  free_.pop_back();
  slots_[position] = {key, block, false};
  positions_.emplace(key, position);
  statistics_.bytes += cost_of(*block);
  return block;
}

void BlockCache::Shard::erase(const Key& key) {
  const std::lock_guard lock(mutex_);
  if (const auto found = positions_.find(key); found != positions_.end()) free_slot(found->second);
}

void BlockCache::Shard::set_budget_bytes(std::size_t budget_bytes) {
  const std::lock_guard lock(mutex_);
  budget_bytes_ = budget_bytes;
  make_room(0);
}

void BlockCache::Shard::add_to(Statistics& statistics) const {
  const std::lock_guard lock(mutex_);
  statistics.hits += statistics_.hits;
  statistics.misses += statistics_.misses;
  statistics.evictions += statistics_.evictions;
  statistics.bytes += statistics_.bytes;
  statistics.entries += positions_.size();
}

// Ends: every full turn of the hand clears all bits.
void BlockCache::Shard::make_room(std::size_t size) {
  while (!positions_.empty() && statistics_.bytes + size > budget_bytes_) {
    hand_ = (hand_ + 1) % slots_.size();
    Slot& slot = slots_[hand_];
    if (!slot.block) continue;
    if (std::exchange(slot.used, false)) continue;
    free_slot(hand_);
    ++statistics_.evictions;
  }
}

void BlockCache::Shard::free_slot(std::size_t position) {
  Slot& slot = slots_[position];
  statistics_.bytes -= cost_of(*slot.block);
  positions_.erase(slot.key);
  slot = {};
  free_.push_back(position);
}

}  // namespace sarsen::storage
