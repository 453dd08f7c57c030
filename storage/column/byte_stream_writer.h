#pragma once
// Writes bytes end to end as compressed blocks of 64 KiB (storage/FORMAT.md, "Byte streams"). Not thread-safe.

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "storage/base/byte_writer.h"
#include "storage/codec/codec_writer.h"

namespace sarsen::storage {

class ByteStreamWriter {
 public:
  /// REQUIRES: a compression of blocks.
  explicit ByteStreamWriter(CodecId compression);

  /// Throws kUnsupported where the compressed stream is larger than 2 GiB.
  void write(std::span<const std::byte> bytes);

  /// Appends the whole stream. Nothing may be written after it.
  void finish(ByteWriter& out);

 private:
  void flush();

  CodecId compression_;
  std::unique_ptr<BlockCompressor> compressor_;
  std::vector<std::byte> block_;
  ByteWriter ends_;
  ByteWriter blocks_;
};

}  // namespace sarsen::storage
