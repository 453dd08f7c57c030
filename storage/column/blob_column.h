#pragma once
// Values of any length, one for each row, in three logical files: the number of values, their ends, their bytes end to
// end; the latter two are byte streams. The objects of JSON columns and of compressed complex columns are stored so.
//
// Format: storage/FORMAT.md, "Blob columns". Thread safety: const methods from any thread; a BlobReader belongs to one.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "storage/column/byte_stream.h"
#include "storage/column/logical_files.h"
#include "storage/column/place.h"

namespace sarsen::storage {

class BlobColumn {
 public:
  /// Reads the logical files `name`, `name`_offsets and `name`_compressed. Throws kRuntimeFailure where one is missing
  /// or corrupt, naming it; `place` is the column's.
  BlobColumn(const LogicalFiles& files, const std::string& name, const Place& place);

  std::uint32_t size() const noexcept { return size_; }
  /// Of all three files.
  std::size_t size_bytes() const noexcept { return size_bytes_; }
  /// "lz4, 65536 bytes a block".
  std::string encoding() const { return values_->encoding(); }

 private:
  friend class BlobReader;

  std::uint32_t size_ = 0;
  std::size_t size_bytes_ = 0;
  std::unique_ptr<ByteStream> ends_;  // i64 LE for each value
  std::unique_ptr<ByteStream> values_;
  Place place_;
};

class BlobReader {
 public:
  explicit BlobReader(const BlobColumn& column) : column_(&column), ends_(*column.ends_), values_(*column.values_) {}

  /// Valid until the next call. REQUIRES: index < size(). Throws where the bytes are corrupt.
  std::span<const std::byte> read(std::uint32_t index);

 private:
  std::uint64_t end_of(std::uint32_t index);

  const BlobColumn* column_;
  ByteStreamCursor ends_;
  ByteStreamCursor values_;
};

}  // namespace sarsen::storage
