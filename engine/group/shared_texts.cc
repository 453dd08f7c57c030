#include "engine/group/shared_texts.h"

#include <algorithm>
#include <vector>

#include "engine/exec/poll.h"
#include "storage/base/memory_count.h"

namespace sarsen::engine {
namespace {

using storage::BlockCache;
using storage::DecodedBlock;
using storage::KeptText;

constexpr std::size_t kDefaultBudgetBytes = std::size_t{1} << 28;
/// More are forgotten: it takes two queries to come back.
constexpr std::size_t kDimensionsMax = 4096;
/// So many texts are added under the lock at a time.
constexpr std::uint32_t kTextsAtOnce = 1024;

bool are_distinct(std::span<const std::uint32_t> numbers) {
  std::vector<bool> seen(*std::max_element(numbers.begin(), numbers.end()) + std::size_t{1});
  for (const std::uint32_t number : numbers) {
    if (seen[number]) return false;
    seen[number] = true;
  }
  return true;
}

}  // namespace

SharedTexts::~SharedTexts() { BlockCache::shared().forget(owner_, static_cast<std::uint32_t>(blocks_.size())); }

BlockCache::Block SharedTexts::numbers_of(const storage::StoredDictionary& dictionary) {
  BlockCache::Block block =
      BlockCache::shared().get({owner_, block_of(dictionary)}, [&] { return make_block(dictionary); });
  return block->size == 0 ? nullptr : block;
}

std::uint32_t SharedTexts::block_of(const storage::StoredDictionary& dictionary) {
  const MemoryPause pause;
  const std::lock_guard lock(mutex_);
  return blocks_.try_emplace(dictionary.cache_owner(), static_cast<std::uint32_t>(blocks_.size())).first->second;
}

/// Empty where entries are not distinct.
std::shared_ptr<const DecodedBlock> SharedTexts::make_block(const storage::StoredDictionary& dictionary) {
  const std::uint32_t size = dictionary.size();
  auto block = std::make_shared<DecodedBlock>();
  block->size = (std::size_t{size} + 1) * sizeof(std::uint32_t);
  block->bytes = std::make_unique_for_overwrite<std::byte[]>(block->size);
  auto* const numbers = reinterpret_cast<std::uint32_t*>(block->bytes.get());
  std::vector<KeptText> texts;
  for (std::uint32_t begin = 0; begin < size; begin += kTextsAtOnce) {
    poll_now();
    texts.clear();
    for (std::uint32_t id = begin; id < std::min(begin + kTextsAtOnce, size); ++id)
      texts.push_back(KeptText::of(dictionary.value(id)));
    numbers_of(texts, numbers + begin);
  }
  const KeptText null = KeptText::null();
  numbers_of({&null, 1}, numbers + size);
  if (size > 0 && !are_distinct({numbers, size})) return std::make_shared<DecodedBlock>();
  return block;
}

void SharedTexts::numbers_of(std::span<const KeptText> texts, std::uint32_t* numbers) {
  const MemoryPause pause;  // theirs, not the query's
  const std::lock_guard lock(mutex_);
  texts_.add(texts, numbers);
}

std::uint32_t SharedTexts::size() const {
  const std::lock_guard lock(mutex_);
  return texts_.size();
}

std::size_t SharedTexts::bytes() const {
  const std::lock_guard lock(mutex_);
  return texts_.size_bytes() + blocks_.size() * sizeof(*blocks_.begin()) * 2;
}

SharedTextsPool& SharedTextsPool::shared() {
  BlockCache::shared();  // outlives what has blocks there
  static SharedTextsPool pool(kDefaultBudgetBytes);
  return pool;
}

void SharedTextsPool::set_budget_bytes(std::size_t budget_bytes) {
  const std::lock_guard lock(mutex_);
  budget_bytes_ = budget_bytes;
  make_room();
}

std::shared_ptr<SharedTexts> SharedTextsPool::get(const std::string& key) {
  const MemoryPause pause;
  const std::lock_guard lock(mutex_);
  const auto [known, added] = by_key_.try_emplace(key);
  if (added) {
    dimensions_.push_front({key, nullptr});
    known->second = dimensions_.begin();
    make_room();
    return nullptr;
  }
  dimensions_.splice(dimensions_.begin(), dimensions_, known->second);
  make_room();
  Dimension& dimension = dimensions_.front();
  if (dimension.texts == nullptr && !dimension.too_large) dimension.texts = std::make_shared<SharedTexts>();
  return dimension.texts;
}

/// What queries added since is seen at the next one.
void SharedTextsPool::make_room() {
  std::size_t bytes = 0;
  for (auto at = dimensions_.begin(); at != dimensions_.end(); ++at) {
    if (at->texts == nullptr) continue;
    const std::size_t own = at->texts->bytes();
    at->too_large = own > budget_bytes_;
    if (bytes + own > budget_bytes_) {
      at->texts = nullptr;
    } else {
      bytes += own;
    }
  }
  for (; dimensions_.size() > kDimensionsMax; dimensions_.pop_back()) by_key_.erase(dimensions_.back().key);
}

std::size_t SharedTextsPool::bytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t bytes = 0;
  for (const Dimension& dimension : dimensions_)
    if (dimension.texts != nullptr) bytes += dimension.texts->bytes();
  return bytes;
}

}  // namespace sarsen::engine
