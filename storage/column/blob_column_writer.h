#pragma once
// Writes values of any length end to end, and where each ends (storage/FORMAT.md, "Blob columns"): what compressed
// complex columns and JSON columns keep their values in. Not thread-safe.

#include <cstdint>
#include <span>
#include <string>

#include "storage/column/byte_stream_writer.h"
#include "storage/column/column_output.h"

namespace sarsen::storage {

class BlobColumnWriter {
 public:
  explicit BlobColumnWriter(CodecId compression) : offsets_(compression), values_(compression) {}

  void add(std::span<const std::byte> value);

  /// Writes NAME_offsets, NAME_compressed and NAME, in Druid's order.
  void finish(const std::string& name, ColumnOutput& out);

 private:
  std::uint32_t count_ = 0;
  std::uint64_t end_ = 0;
  ByteStreamWriter offsets_;
  ByteStreamWriter values_;
};

}  // namespace sarsen::storage
