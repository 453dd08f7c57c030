#pragma once
// Whole answers by key, the least recently used forgotten first. Sized in bytes, keys and bookkeeping included.
// Thread-safe.

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace sarsen::engine {

class AnswerCache {
 public:
  using Answer = std::shared_ptr<const std::string>;

  struct Statistics {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t evictions = 0;
    std::size_t entries = 0;
    std::size_t bytes = 0;
  };

  /// 0: nothing is kept.
  explicit AnswerCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// nullptr: not here.
  Answer find(std::string_view key);
  /// An answer that would take more than its share of the cache is not kept.
  void put(std::string key, Answer answer);
  /// What one entry may take.
  std::size_t entry_bytes_max() const noexcept { return bytes_max_ / 8; }

  Statistics statistics() const;

 private:
  struct Entry {
    std::string key;
    Answer answer;
  };
  using Entries = std::list<Entry>;  // the most recently used first

  static std::size_t bytes_of(const Entry& entry) noexcept;
  void forget(Entries::iterator entry);

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  Entries entries_;
  boost::unordered_flat_map<std::string_view, Entries::iterator> by_key_;
  Statistics statistics_;
};

}  // namespace sarsen::engine
