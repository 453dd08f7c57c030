#pragma once
// Lists of dictionary ids, one list per row: what a multi-valued string column holds. Row i has the values
// [offset(i), offset(i + 1)). Stored plain, or as two compressed lists of integers, offsets and values
// (storage/FORMAT.md, "String columns"). Thread safety: const methods from any thread.

#include <bit>
#include <cstdint>
#include <memory>
#include <string>

#include "storage/base/byte_reader.h"
#include "storage/column/column.h"
#include "storage/column/packed_ids.h"

namespace sarsen::storage {

class IdLists {
 public:
  /// How the stored offsets are meant.
  struct Offsets {
    PackedIds stored;
    bool ends_only;      // the end of each row: the leading 0 is left out
    std::uint32_t unit;  // what one value counts in them
  };

  IdLists(Offsets offsets, PackedIds values);

  /// Rows.
  std::uint32_t size() const noexcept { return row_count_; }
  std::string encoding() const;
  std::unique_ptr<StringReader> reader(std::uint32_t dictionary_size, const Place& place) const;

 private:
  Offsets offsets_;
  PackedIds values_;
  std::uint32_t row_count_;
};

/// Uncompressed; version byte 1.
std::unique_ptr<IdLists> read_plain_id_lists(ByteReader& reader);

/// Compressed: version byte 2 (offsets of 1 to 4 bytes) or 3 (offsets of 4 bytes).
std::unique_ptr<IdLists> read_id_lists(ByteReader& reader, std::endian byte_order, const LogicalFiles& files,
                                       const Place& place);

}  // namespace sarsen::storage
