#include "ingest/incremental_index/live_dictionary.h"

#include <cstring>
#include <functional>

namespace sarsen::ingest {
namespace {

constexpr std::size_t kFirstSlots = 64;
constexpr std::size_t kBlockBytes = 64 * 1024;
constexpr std::uint64_t kNullHash = 0x9E3779B97F4A7C15;

}  // namespace

LiveDictionary::LiveDictionary() {
  tables_.push_back(std::make_unique<Table>(kFirstSlots));
  current_.store(tables_.back().get(), std::memory_order_release);
}

std::uint64_t LiveDictionary::hash_of(std::optional<std::string_view> value) noexcept {
  return value ? std::hash<std::string_view>{}(*value) : kNullHash;
}

std::uint64_t LiveDictionary::slot_of(std::uint64_t hash, std::uint32_t id) noexcept {
  return (hash >> 32 << 32) | (id + 1);
}

std::optional<std::uint32_t> LiveDictionary::find(std::optional<std::string_view> value) const noexcept {
  return find(value, hash_of(value));
}

std::optional<std::uint32_t> LiveDictionary::find(std::optional<std::string_view> value,
                                                  std::uint64_t hash) const noexcept {
  const Table& table = *current_.load(std::memory_order_acquire);
  for (std::size_t slot = hash & table.mask;; slot = (slot + 1) & table.mask) {
    const std::uint64_t held = table.slots[slot].load(std::memory_order_acquire);
    if (held == 0) return std::nullopt;
    if ((held ^ hash) >> 32 != 0) continue;
    const auto id = static_cast<std::uint32_t>(held) - 1;
    if (entries_[id].value == value) return id;
  }
}

std::uint32_t LiveDictionary::add(std::optional<std::string_view> value) {
  if (last_id_ < size() && entries_[last_id_].value == value) return last_id_;
  const std::uint64_t hash = hash_of(value);
  if (const auto known = find(value, hash)) return last_id_ = *known;
  if ((std::size_t{size()} + 1) * 2 > tables_.back()->mask) grow();
  const std::uint32_t id = size();
  if (value) value = keep(*value);
  entries_.push_back({value, hash});
  size_bytes_ += sizeof(Entry);
  insert(*tables_.back(), hash, id);
  return last_id_ = id;
}

void LiveDictionary::insert(Table& table, std::uint64_t hash, std::uint32_t id) noexcept {
  std::size_t slot = hash & table.mask;
  while (table.slots[slot].load(std::memory_order_relaxed) != 0) slot = (slot + 1) & table.mask;
  table.slots[slot].store(slot_of(hash, id), std::memory_order_release);
}

void LiveDictionary::grow() {
  auto table = std::make_unique<Table>((tables_.back()->mask + 1) * 2);
  for (std::uint32_t id = 0; id < size(); ++id) insert(*table, entries_[id].hash, id);
  size_bytes_ += (table->mask + 1) * sizeof(std::uint64_t);
  tables_.push_back(std::move(table));
  current_.store(tables_.back().get(), std::memory_order_release);
}

std::string_view LiveDictionary::keep(std::string_view text) {
  if (text.empty()) return std::string_view("", 0);
  if (text.size() > block_left_) {
    const std::size_t bytes = text.size() > kBlockBytes / 4 ? text.size() : kBlockBytes;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
    size_bytes_ += bytes;
    if (bytes == text.size()) {  // a long text has a block of its own; the one in use goes on
      std::memcpy(blocks_.back().get(), text.data(), text.size());
      return {blocks_.back().get(), text.size()};
    }
    block_free_ = blocks_.back().get();
    block_left_ = bytes;
  }
  std::memcpy(block_free_, text.data(), text.size());
  const std::string_view kept(block_free_, text.size());
  block_free_ += text.size();
  block_left_ -= text.size();
  return kept;
}

}  // namespace sarsen::ingest
