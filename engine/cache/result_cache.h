#pragma once
// Results by key, the least recently used forgotten first: whole answers, and the groups of single segments. Sized in
// bytes, keys and bookkeeping included. Thread-safe.

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace sarsen::engine {

/// Something that was computed. Immutable, shared by those who found it.
class CachedResult {
 public:
  virtual ~CachedResult() = default;
  virtual std::size_t bytes() const noexcept = 0;
};

class ResultCache {
 public:
  using Result = std::shared_ptr<const CachedResult>;

  struct Statistics {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t evictions = 0;
    std::size_t entries = 0;
    std::size_t bytes = 0;
  };

  /// 0: nothing is kept.
  explicit ResultCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// nullptr: not here.
  Result find(std::string_view key);
  /// A result that would take more than its share of the cache is not kept.
  void put(std::string key, Result result);
  /// What one entry may take.
  std::size_t entry_bytes_max() const noexcept { return bytes_max_ / 8; }

  Statistics statistics() const;

 private:
  struct Entry {
    std::string key;
    Result result;
    std::size_t bytes;
  };
  using Entries = std::list<Entry>;  // the most recently used first

  void forget(Entries::iterator entry);

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  Entries entries_;
  boost::unordered_flat_map<std::string_view, Entries::iterator> by_key_;
  Statistics statistics_;
};

}  // namespace sarsen::engine
