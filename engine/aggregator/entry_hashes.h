#pragma once
// What the entries of a dictionary hash to, each made at first use, so that a row costs a look into an array. The
// cursors of a query that read the same dictionary share them, and for stored dictionaries queries do: whoever makes an
// entry's hash makes the same.

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

#include "storage/cache/block_cache.h"
#include "storage/column/column.h"
#include "storage/column/string_dictionary.h"

namespace sarsen::engine {

/// Thread-safe. Memory that is never asked for is never touched: a filter may leave few entries of many.
template <class Hash>
class EntryHashes {
 public:
  static constexpr Hash kUnmade = 0;
  static constexpr Hash kNoValue = static_cast<Hash>(~Hash{0});  // the entry counts as no value

  explicit EntryHashes(std::size_t size)
      : own_(static_cast<Hash*>(std::calloc(size == 0 ? 1 : size, sizeof(Hash)))), hashes_(own_.get()), size_(size) {
    if (hashes_ == nullptr) throw std::bad_alloc();
  }
  /// In a block of the cache, all zero when it was made: what is made here serves later queries, too.
  explicit EntryHashes(storage::BlockCache::Block block)
      : kept_(std::move(block)),
        hashes_(reinterpret_cast<Hash*>(kept_->bytes.get())),
        size_(kept_->size / sizeof(Hash)) {}

  std::size_t size() const noexcept { return size_; }
  /// kUnmade, kNoValue, or the hash. REQUIRES: id < size().
  Hash kept(std::uint32_t id) const noexcept { return slot(id).load(std::memory_order_relaxed); }

  /// nullopt: no value. `make` makes that of an entry not asked for before.
  template <class Make>
  std::optional<Hash> of(std::uint32_t id, Make make) {
    const Hash hash = kept(id);
    if (hash == kUnmade) [[unlikely]]
      return keep(id, make());
    return hash == kNoValue ? std::nullopt : std::optional<Hash>(hash);
  }

  void copy_from(const EntryHashes& other) noexcept {
    for (std::uint32_t id = 0; id < other.size() && id < size_; ++id)
      slot(id).store(other.kept(id), std::memory_order_relaxed);
  }

 private:
  struct Free {
    void operator()(Hash* hashes) const noexcept { std::free(hashes); }
  };

  std::atomic_ref<Hash> slot(std::uint32_t id) const noexcept { return std::atomic_ref<Hash>(hashes_[id]); }

  /// A hash that looks like one of the two marks is made anew each time.
  std::optional<Hash> keep(std::uint32_t id, std::optional<Hash> hash) noexcept {
    if (hash != kNoValue) slot(id).store(hash.value_or(kNoValue), std::memory_order_relaxed);
    return hash;
  }

  std::unique_ptr<Hash, Free> own_;
  storage::BlockCache::Block kept_;
  Hash* hashes_;
  std::size_t size_;
};

/// The hashes of the dictionaries that cursors read just now: they live as long as one of them. Thread-safe.
template <class Hash>
class SharedEntryHashes {
 public:
  /// `number`: the block of a stored dictionary (storage/column/string_dictionary.h) that keeps just these hashes;
  /// nullopt: they are kept no longer than the query. REQUIRES: the dictionary outlives what is returned.
  std::shared_ptr<EntryHashes<Hash>> of(const storage::Dictionary& dictionary,
                                        std::optional<std::uint32_t> number = std::nullopt) {
    if (const auto* stored = dynamic_cast<const storage::StoredDictionary*>(&dictionary); stored != nullptr && number)
      if (stored->size() <= kKeptMax) return std::make_shared<EntryHashes<Hash>>(block_of(*stored, *number));
    const std::lock_guard lock(mutex_);
    if (by_dictionary_.size() >= sweep_at_) sweep();
    std::weak_ptr<EntryHashes<Hash>>& known = by_dictionary_[&dictionary];
    std::shared_ptr<EntryHashes<Hash>> hashes = known.lock();
    if (hashes == nullptr || hashes->size() < dictionary.size())
      known = hashes = std::make_shared<EntryHashes<Hash>>(dictionary.size());
    return hashes;
  }

 private:
  /// Hashes of more entries than this would leave little of the cache to others.
  static constexpr std::uint32_t kKeptMax = 1 << 22;

  static storage::BlockCache::Block block_of(const storage::StoredDictionary& dictionary, std::uint32_t number) {
    return storage::BlockCache::shared().get({dictionary.cache_owner(), number}, [&] {
      auto block = std::make_shared<storage::DecodedBlock>();
      block->size = dictionary.size() * sizeof(Hash);
      block->bytes = std::make_unique<std::byte[]>(block->size);
      return block;
    });
  }

  void sweep() {
    std::erase_if(by_dictionary_, [](const auto& entry) { return entry.second.expired(); });
    sweep_at_ = by_dictionary_.size() * 2 + 16;
  }

  std::mutex mutex_;
  std::map<const storage::Dictionary*, std::weak_ptr<EntryHashes<Hash>>> by_dictionary_;
  std::size_t sweep_at_ = 16;
};

}  // namespace sarsen::engine
