#include "storage/narrow/number_ids.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstring>
#include <vector>

#include "storage/base/memory_count.h"

namespace sarsen::storage {
namespace {

constexpr std::uint32_t kRowsMin = 1 << 15;
/// So large a block leaves room for others.
constexpr std::uint32_t kRowsMax = 1 << 22;
constexpr std::uint32_t kRowsTogether = 1 << 13;

/// Gives each number that comes first the next id.
class Numbering {
 public:
  std::uint32_t id_of(std::int64_t number) {
    const auto [found, added] = ids_.try_emplace(number, static_cast<std::uint32_t>(numbers_.size() + 1));
    if (added) numbers_.push_back(number);
    return found->second;
  }
  const std::vector<std::int64_t>& numbers() const noexcept { return numbers_; }

 private:
  boost::unordered_flat_map<std::int64_t, std::uint32_t> ids_;
  std::vector<std::int64_t> numbers_;
};

BlockCache::Block block_of(const std::vector<std::int64_t>& numbers, const std::vector<std::uint32_t>& rows) {
  auto block = std::make_shared<DecodedBlock>();
  const std::size_t numbers_bytes = numbers.size() * sizeof(std::int64_t);
  const std::size_t rows_bytes = rows.size() * sizeof(std::uint32_t);
  block->size = numbers_bytes + rows_bytes;
  block->bytes = std::make_unique_for_overwrite<std::byte[]>(block->size);
  if (!numbers.empty()) std::memcpy(block->bytes.get(), numbers.data(), numbers_bytes);
  std::memcpy(block->bytes.get() + numbers_bytes, rows.data(), rows_bytes);
  return block;
}

}  // namespace

std::optional<NumberIds> NumberedLongs::ids() {
  {
    const std::lock_guard lock(mutex_);
    if (const BlockCache::Block held = block_.lock())
      return NumberIds(BlockCache::shared().get({owner_, 0}, [&] { return held; }), values_.size());
    if (!begin_making()) return std::nullopt;
  }
  BlockCache::Block block;
  try {
    block = BlockCache::shared().get({owner_, 0}, [&] { return make(); });
  } catch (const std::exception&) {  // for those to report who want its rows
  }
  const std::lock_guard lock(mutex_);
  is_at_work_ = false;
  is_refused_ = block == nullptr || block.use_count() == 1;
  block_ = block;
  looked_up_ = 0;
  if (block == nullptr) return std::nullopt;
  return NumberIds(std::move(block), values_.size());
}

/// REQUIRES: mutex_ held.
bool NumberedLongs::begin_making() {
  if (is_at_work_ || is_refused_ || values_.size() < kRowsMin || values_.size() > kRowsMax) return false;
  if (looked_up_.load(std::memory_order_relaxed) < std::uint64_t{2} * values_.size()) return false;
  is_at_work_ = true;
  return true;
}

BlockCache::Block NumberedLongs::make() const {
  const MemoryPause pause;  // the cache's, not the query's
  std::vector<std::uint32_t> rows(values_.size());
  std::vector<std::int64_t> values(kRowsTogether);
  Numbering numbering;
  BlockCursor cursor(values_.blocks());
  for (std::uint32_t begin = 0; begin < values_.size(); begin += kRowsTogether) {
    const std::uint32_t count = std::min(kRowsTogether, values_.size() - begin);
    for_each_piece(cursor, begin, count, [&](const BlockCursor::Piece& piece, std::uint32_t offset) {
      values_.decode(piece, values.data() + offset);
    });
    for (std::uint32_t i = 0; i < count; ++i)
      rows[begin + i] = nulls_.contains(begin + i) ? 0 : numbering.id_of(values[i]);
  }
  return block_of(numbering.numbers(), rows);
}

}  // namespace sarsen::storage
