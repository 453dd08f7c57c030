// The bytes themselves. The simplest codec: imitate this file.
#include <cstring>

#include "storage/base/check.h"
#include "storage/codec/codec.h"

namespace sarsen::storage {

std::size_t decode_uncompressed(std::span<const std::byte> block, std::span<std::byte> out) {
  check_format(block.size() <= out.size(), "uncompressed block larger than a block may be");
  if (!block.empty()) std::memcpy(out.data(), block.data(), block.size());
  return block.size();
}

}  // namespace sarsen::storage
