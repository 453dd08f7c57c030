#pragma once
// The texts of a dimension, numbered once for all queries, so that groups of many segments meet by an array of numbers
// for each segment's dictionary instead of by their texts. The arrays are blocks of the cache (storage/cache); the
// texts have a budget of their own, and the dimension used least recently goes first. What a query holds stays while it
// does. Numbers have no order. Thread-safe.

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "storage/cache/block_cache.h"
#include "storage/column/string_dictionary.h"
#include "storage/growing/growing_texts.h"

namespace sarsen::engine {

class SharedTexts {
 public:
  SharedTexts() : owner_(storage::BlockCache::new_owner()) {}
  ~SharedTexts();
  SharedTexts(const SharedTexts&) = delete;
  SharedTexts& operator=(const SharedTexts&) = delete;

  /// The numbers of a dictionary's entries, std::uint32_t by id, and behind them that of null. nullptr: two entries are
  /// one text.
  storage::BlockCache::Block numbers_of(const storage::StoredDictionary& dictionary);
  void numbers_of(std::span<const storage::KeptText> texts, std::uint32_t* numbers);

  /// REQUIRES: the caller was given this number.
  std::optional<std::string_view> text(std::uint32_t number) const noexcept { return texts_.value(number); }
  std::uint32_t size() const;
  std::size_t bytes() const;

 private:
  std::uint32_t block_of(const storage::StoredDictionary& dictionary);
  std::shared_ptr<const storage::DecodedBlock> make_block(const storage::StoredDictionary& dictionary);

  std::uint64_t owner_;
  mutable std::mutex mutex_;  // of all that is added to
  storage::GrowingTexts texts_;
  std::unordered_map<std::uint64_t, std::uint32_t> blocks_;  // by the dictionary's owner in the cache
};

/// Which dimensions have shared texts: those that queries asked for twice.
class SharedTextsPool {
 public:
  explicit SharedTextsPool(std::size_t budget_bytes) : budget_bytes_(budget_bytes) {}
  /// That of this process.
  static SharedTextsPool& shared();

  void set_budget_bytes(std::size_t budget_bytes);
  /// `key`: what names the dimension. nullptr: it was not asked for before, or it is larger than the budget.
  std::shared_ptr<SharedTexts> get(const std::string& key);
  std::size_t bytes() const;

 private:
  struct Dimension {
    std::string key;
    std::shared_ptr<SharedTexts> texts;  // nullptr: asked for once, or too large
    bool too_large = false;
  };

  void make_room();

  mutable std::mutex mutex_;
  std::size_t budget_bytes_;
  std::list<Dimension> dimensions_;  // the one used most recently first
  std::unordered_map<std::string, std::list<Dimension>::iterator> by_key_;
};

}  // namespace sarsen::engine
