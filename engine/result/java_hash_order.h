#pragma once
// The order in which a Java HashMap gives its keys: many of Druid's result objects are such maps, and clients compare
// text.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/query/query_engine.h"

namespace sarsen::engine {

/// String.hashCode(): over UTF-16 code units.
std::uint32_t java_hash_code(const std::string& utf8);

/// A java.util.HashMap<String, …> of keys only: their indexes, in its order.
class JavaHashOrder {
 public:
  /// `table_size` is rounded up to a power of two; 16 is that of `new HashMap()`.
  JavaHashOrder(std::size_t table_size, KeyOrder order);

  /// Puts a key; one that is there already changes nothing.
  void put(const std::string& key) { put(key, java_hash_code(key)); }
  /// The same for a key that stands for an object with this hash.
  void put(const std::string& key, std::uint32_t hash);

  /// The indexes of keys (in the order of their first put) as the map iterates.
  std::vector<std::size_t> order() const;

  /// The table that `new HashMap(map)` makes for a map of `entries`.
  static std::size_t copied_table_size(std::size_t entries);
  /// The table of Guava's Maps.newHashMapWithExpectedSize(entries).
  static std::size_t sized_table_size(std::size_t entries);

 private:
  struct Entry {
    std::uint32_t hash;
    std::size_t index;
  };
  void insert(std::vector<std::vector<Entry>>& table, const Entry& entry) const;
  void grow();

  KeyOrder order_;
  std::vector<std::string> keys_;
  std::vector<std::vector<Entry>> table_;
};

}  // namespace sarsen::engine
