#pragma once
// Dictionaries of mapped string columns. Three stored forms behind one interface: a GenericIndexed of UTF-8 strings,
// the same behind a wrapper, and front-coded buckets (storage/FORMAT.md, "String dictionary").
//
// Null is the element with the null marker; an element without bytes and marker is the empty string, as for every Druid
// since 28, also in segments of versions that could not tell the two apart. Some of those begin with two empty strings:
// find() then gives the first, the one that rows hold.
// Thread safety: const methods from any thread.

#include <bit>
#include <memory>
#include <string>

#include "storage/base/byte_reader.h"
#include "storage/cache/block_cache.h"
#include "storage/column/column.h"
#include "storage/column/generic_indexed.h"
#include "storage/column/place.h"

namespace sarsen::storage {

class StoredDictionary : public Dictionary {
 public:
  StoredDictionary() : cache_owner_(BlockCache::new_owner()) {}
  ~StoredDictionary() override { BlockCache::shared().forget(cache_owner_, kCachedMax); }
  StoredDictionary(const StoredDictionary&) = delete;
  StoredDictionary& operator=(const StoredDictionary&) = delete;

  /// The cache keeps what others make of the entries, such as their hashes, as blocks [0, kCachedMax) of this owner.
  std::uint64_t cache_owner() const noexcept { return cache_owner_; }
  static constexpr std::uint32_t kCachedMax = 4;

  /// "utf8", "front coded".
  virtual std::string encoding() const = 0;

  /// All bytes of the entries, in the order of ids, with some others before each: value(id) points into them. Empty
  /// where they do not lie so.
  virtual std::string_view ordered_texts() const noexcept { return {}; }

  std::optional<std::uint32_t> find(std::optional<std::string_view> value) const override;
  std::uint32_t lower_bound(std::string_view value) const override;

 private:
  std::uint64_t cache_owner_;
};

/// Reads the dictionary that starts here and moves behind it.
std::unique_ptr<StoredDictionary> read_dictionary(ByteReader& reader, std::endian byte_order, const LogicalFiles& files,
                                                  const Place& place);

// One file each.
std::unique_ptr<StoredDictionary> read_utf8_dictionary(ByteReader& reader, const LogicalFiles& files,
                                                       const Place& place);
std::unique_ptr<StoredDictionary> read_front_coded_dictionary(ByteReader& reader, std::endian byte_order,
                                                              const Place& place);

}  // namespace sarsen::storage
