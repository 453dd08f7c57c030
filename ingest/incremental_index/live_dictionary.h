#pragma once
// The dictionary of a growing string column: ids in order of arrival, only added to. Readers look up values and ids
// without locks.
//
// Thread safety: one writer. value() for ids that a reader learned of by a published size; find() any time: it may see
// ids that are newer than the size its caller knows, which the caller drops.

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "ingest/incremental_index/growing_array.h"

namespace sarsen::ingest {

class LiveDictionary {
 public:
  LiveDictionary();

  /// The id of `value`, given now where it is new. For the writer.
  std::uint32_t add(std::optional<std::string_view> value);
  /// The writer's count.
  std::uint32_t size() const noexcept { return entries_.size(); }
  /// Of texts, hash table and ids, for the writer's accounting.
  std::size_t size_bytes() const noexcept { return size_bytes_; }

  std::optional<std::string_view> value(std::uint32_t id) const noexcept { return entries_[id].value; }
  std::optional<std::uint32_t> find(std::optional<std::string_view> value) const noexcept;

 private:
  struct Entry {
    std::optional<std::string_view> value;
    std::uint64_t hash;
  };

  /// Open addressing; a slot holds id + 1 and, above it, the hash's upper half, so that few entries are looked at in
  /// vain; or 0. A table that has grown too small stays for those who are still reading it.
  struct Table {
    explicit Table(std::size_t slot_count)
        : mask(slot_count - 1), slots(new std::atomic<std::uint64_t>[slot_count]()) {}
    std::size_t mask;
    std::unique_ptr<std::atomic<std::uint64_t>[]> slots;
  };

  static std::uint64_t hash_of(std::optional<std::string_view> value) noexcept;
  static std::uint64_t slot_of(std::uint64_t hash, std::uint32_t id) noexcept;
  std::optional<std::uint32_t> find(std::optional<std::string_view> value, std::uint64_t hash) const noexcept;
  void insert(Table& table, std::uint64_t hash, std::uint32_t id) noexcept;
  void grow();
  std::string_view keep(std::string_view text);

  GrowingArray<Entry> entries_;
  std::uint32_t last_id_ = 0;                   // of the value added last: the writer's, whose values come in runs
  std::vector<std::unique_ptr<Table>> tables_;  // the last one is current_
  std::atomic<const Table*> current_;
  std::vector<std::unique_ptr<char[]>> blocks_;  // of texts
  std::size_t block_left_ = 0;
  char* block_free_ = nullptr;
  std::size_t size_bytes_ = 0;
};

}  // namespace sarsen::ingest
