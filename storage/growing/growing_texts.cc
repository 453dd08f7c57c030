#include "storage/growing/growing_texts.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace sarsen::storage {
namespace {

constexpr std::size_t kFirstSlots = 64;
/// So many texts are on their way from memory at a time.
constexpr std::size_t kTextsAhead = 64;

}  // namespace

GrowingTexts::GrowingTexts() {
  tables_.push_back(std::make_unique<Table>(kFirstSlots));
  current_.store(tables_.back().get(), std::memory_order_release);
}

std::optional<std::uint32_t> GrowingTexts::find(const KeptText& value, Hash hash) const noexcept {
  const Table& table = *current_.load(std::memory_order_acquire);
  for (std::size_t slot = hash & table.mask;; slot = (slot + 1) & table.mask) {
    const std::uint64_t held = table.slots[slot].load(std::memory_order_acquire);
    if (held == 0) return std::nullopt;
    if (held >> 32 != hash) continue;
    const auto id = static_cast<std::uint32_t>(held) - 1;
    if (texts_[id] == value) return id;
  }
}

std::uint32_t GrowingTexts::add(const KeptText& value, Hash hash) {
  if (const auto known = find(value, hash)) return *known;
  if ((std::size_t{size()} + 1) * 2 > tables_.back()->mask) grow();
  const std::uint32_t id = size();
  texts_.push_back(kept(value));
  size_bytes_ += sizeof(KeptText);
  insert(*tables_.back(), std::uint64_t{hash} << 32 | (id + 1));
  return id;
}

void GrowingTexts::add(std::span<const KeptText> values, std::uint32_t* ids) {
  std::array<Hash, kTextsAhead> hashes;
  for (; !values.empty(); values = values.subspan(std::min(kTextsAhead, values.size()))) {
    const std::size_t count = std::min(kTextsAhead, values.size());
    for (std::size_t i = 0; i < count; ++i) prefetch_slot(hashes[i] = hash_of(values[i]));
    for (std::size_t i = 0; i < count; ++i) prefetch_text(hashes[i]);
    for (std::size_t i = 0; i < count; ++i) *ids++ = add(values[i], hashes[i]);
  }
}

void GrowingTexts::insert(Table& table, std::uint64_t held) noexcept {
  std::size_t slot = held >> 32 & table.mask;
  while (table.slots[slot].load(std::memory_order_relaxed) != 0) slot = (slot + 1) & table.mask;
  table.slots[slot].store(held, std::memory_order_release);
}

void GrowingTexts::grow() {
  const Table& full = *tables_.back();
  auto table = std::make_unique<Table>((full.mask + 1) * 2);
  for (std::size_t slot = 0; slot <= full.mask; ++slot)
    if (const std::uint64_t held = full.slots[slot].load(std::memory_order_relaxed)) insert(*table, held);
  size_bytes_ += (table->mask + 1) * sizeof(std::uint64_t);
  tables_.push_back(std::move(table));
  current_.store(tables_.back().get(), std::memory_order_release);
}

KeptText GrowingTexts::kept(const KeptText& value) {
  return value.is_long() ? KeptText::of(keep(value.long_view())) : value;
}

std::string_view GrowingTexts::keep(std::string_view text) {
  if (text.size() > kBlockBytes / 4) {  // a long text has a block of its own; the one in use goes on
    char* bytes = add_block(text.size());
    std::memcpy(bytes, text.data(), text.size());
    return {bytes, text.size()};
  }
  if (text.size() > block_left_) {
    block_left_ = block_bytes_;
    block_free_ = add_block(block_left_);
    block_bytes_ = std::min(block_bytes_ * 2, kHugePageBytes);
  }
  std::memcpy(block_free_, text.data(), text.size());
  const std::string_view kept(block_free_, text.size());
  block_free_ += text.size();
  block_left_ -= text.size();
  return kept;
}

char* GrowingTexts::add_block(std::size_t bytes) {
  size_bytes_ += bytes;
  return blocks_.emplace_back(make_large_array<char>(bytes)).get();
}

}  // namespace sarsen::storage
