#pragma once
// Writes a front-coded list of strings (storage/FORMAT.md, "String dictionary"): buckets of values that share prefixes.
// Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "storage/base/byte_writer.h"
#include "storage/column/index_spec.h"

namespace sarsen::storage {

class FrontCodedWriter {
 public:
  /// REQUIRES: an encoding with a bucket size and a format version that exist.
  explicit FrontCodedWriter(const StringDictionaryEncoding& encoding);

  /// REQUIRES: before all values; at most once.
  void add_null() noexcept { has_null_ = true; }

  /// Adds the next value. REQUIRES: greater than all before it, in Java's string order.
  void add(std::string_view value);

  /// Appends the whole list, from its version byte on. Throws kUnsupported where it is larger than 2 GiB.
  void finish(ByteWriter& out) const;

 private:
  StringDictionaryEncoding encoding_;
  bool has_null_ = false;
  std::size_t count_ = 0;
  std::string prefix_of_;  // the value whose prefixes the next one may have
  ByteWriter ends_;        // of all buckets but the last
  ByteWriter buckets_;
};

}  // namespace sarsen::storage
