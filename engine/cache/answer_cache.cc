#include "engine/cache/answer_cache.h"

#include <iterator>
#include <utility>

namespace sarsen::engine {

std::size_t AnswerCache::bytes_of(const Entry& entry) noexcept {
  constexpr std::size_t kBookkeepingBytes = 160;  // the list's node, the map's slot, two headers of the heap
  return entry.key.size() + entry.answer->size() + kBookkeepingBytes;
}

AnswerCache::Answer AnswerCache::find(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) {
    ++statistics_.misses;
    return nullptr;
  }
  ++statistics_.hits;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->answer;
}

void AnswerCache::put(std::string key, Answer answer) {
  Entries made;
  made.push_back({std::move(key), std::move(answer)});
  if (bytes_of(made.front()) > entry_bytes_max()) return;
  const std::lock_guard lock(mutex_);
  if (const auto old = by_key_.find(made.front().key); old != by_key_.end()) forget(old->second);
  entries_.splice(entries_.begin(), made);
  by_key_.emplace(entries_.front().key, entries_.begin());
  statistics_.bytes += bytes_of(entries_.front());
  while (statistics_.bytes > bytes_max_) {
    forget(std::prev(entries_.end()));
    ++statistics_.evictions;
  }
}

void AnswerCache::forget(Entries::iterator entry) {
  statistics_.bytes -= bytes_of(*entry);
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

AnswerCache::Statistics AnswerCache::statistics() const {
  const std::lock_guard lock(mutex_);
  Statistics statistics = statistics_;
  statistics.entries = entries_.size();
  return statistics;
}

}  // namespace sarsen::engine
