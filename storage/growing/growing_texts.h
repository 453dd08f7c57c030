#pragma once
// Texts, and null, numbered in the order in which they come: the dictionary of a growing column, or of the values of
// groups. Only added to; readers look up values and ids
// without locks.
//
// Thread safety: one writer. value() for ids that a reader learned of by a published size; find() any time: it may see
// ids that are newer than the size its caller knows, which the caller drops.

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "storage/base/large_array.h"
#include "storage/growing/growing_array.h"
#include "storage/growing/kept_text.h"
#include "storage/growing/text_hash.h"

namespace sarsen::storage {

class GrowingTexts {
 public:
  using Hash = std::uint32_t;

  GrowingTexts();

  static Hash hash_of(const KeptText& value) noexcept { return static_cast<Hash>(text_hash(value) >> 32); }

  // What the writer does beforehand, for several values by turns: memory comes nearer meanwhile.
  void prefetch_slot(Hash hash) const noexcept { __builtin_prefetch(&slot_of(hash)); }
  /// Of the text that the hash's first slot names.
  void prefetch_text(Hash hash) const noexcept {
    const std::uint64_t held = slot_of(hash).load(std::memory_order_relaxed);
    if (held >> 32 == hash && held != 0) texts_.prefetch(static_cast<std::uint32_t>(held) - 1);
  }

  /// The id of `value`, given now where it is new. For the writer.
  std::uint32_t add(std::optional<std::string_view> value) {
    const KeptText text = KeptText::of(value);
    return add(text, hash_of(text));
  }
  /// REQUIRES: hash == hash_of(value).
  std::uint32_t add(const KeptText& value, Hash hash);
  /// The same of many, memory coming nearer meanwhile; new ids in their order.
  void add(std::span<const KeptText> values, std::uint32_t* ids);
  /// The writer's count.
  std::uint32_t size() const noexcept { return texts_.size(); }
  /// Of texts, hash table and ids, for the writer's accounting.
  std::size_t size_bytes() const noexcept { return size_bytes_; }

  std::optional<std::string_view> value(std::uint32_t id) const noexcept { return texts_[id].view(); }
  std::optional<std::uint32_t> find(std::optional<std::string_view> value) const noexcept {
    const KeptText text = KeptText::of(value);
    return find(text, hash_of(text));
  }

 private:
  /// Open addressing; a slot holds id + 1 and, above it, the hash, so that few texts are looked at in vain; or 0. A
  /// table that has grown too small stays for those who are still reading it.
  struct Table {
    explicit Table(std::size_t slot_count)
        : mask(slot_count - 1), slots(make_large_array<std::atomic<std::uint64_t>>(slot_count)) {
      std::uninitialized_value_construct_n(slots.get(), slot_count);
    }
    std::size_t mask;
    LargeArray<std::atomic<std::uint64_t>> slots;
  };

  std::atomic<std::uint64_t>& slot_of(Hash hash) const noexcept {
    const Table& table = *tables_.back();
    return table.slots[hash & table.mask];
  }
  std::optional<std::uint32_t> find(const KeptText& value, Hash hash) const noexcept;
  static void insert(Table& table, std::uint64_t held) noexcept;
  void grow();
  KeptText kept(const KeptText& value);
  std::string_view keep(std::string_view text);
  char* add_block(std::size_t bytes);

  static constexpr std::size_t kBlockBytes = 64 * 1024;  // of the first

  GrowingArray<KeptText> texts_;                // by id
  std::vector<std::unique_ptr<Table>> tables_;  // the last one is current_
  std::atomic<const Table*> current_;
  std::vector<LargeArray<char>> blocks_;   // of texts
  std::size_t block_bytes_ = kBlockBytes;  // of the next
  std::size_t block_left_ = 0;
  char* block_free_ = nullptr;
  std::size_t size_bytes_ = 0;
};

}  // namespace sarsen::storage
