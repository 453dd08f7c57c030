#include "engine/cache/result_cache.h"

#include <iterator>
#include <utility>

namespace sarsen::engine {

namespace {

constexpr std::size_t kBookkeepingBytes = 160;  // the list's node, the map's slot, two headers of the heap

}  // namespace

ResultCache::Result ResultCache::find(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    ++statistics_.misses;
    return nullptr;
  }
  ++statistics_.hits;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->result;
}

void ResultCache::put(std::string key, Result result) {
  const std::size_t bytes = key.size() + result->bytes() + kBookkeepingBytes;
  if (bytes > entry_bytes_max()) return;
  Entries made;
  made.push_back({std::move(key), std::move(result), bytes});
  const std::lock_guard lock(mutex_);
  if (const auto old = by_key_.find(made.front().key); old != by_key_.end()) forget(old->second);
  entries_.splice(entries_.begin(), made);
  by_key_.emplace(entries_.front().key, entries_.begin());
  statistics_.bytes += bytes;
  while (statistics_.bytes > bytes_max_) {
    forget(std::prev(entries_.end()));
    ++statistics_.evictions;
  }
}

void ResultCache::forget(Entries::iterator entry) {
  statistics_.bytes -= entry->bytes;
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

ResultCache::Statistics ResultCache::statistics() const {
  const std::lock_guard lock(mutex_);
  Statistics statistics = statistics_;
  statistics.entries = entries_.size();
  return statistics;
}

}  // namespace sarsen::engine
