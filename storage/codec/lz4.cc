// One raw LZ4 block: no frame, no size.
#include <lz4.h>

#include "storage/base/check.h"
#include "storage/codec/codec.h"

namespace sarsen::storage {

std::size_t decode_lz4(std::span<const std::byte> block, std::span<std::byte> out) {
  check_format(block.size() <= LZ4_MAX_INPUT_SIZE && out.size() <= LZ4_MAX_INPUT_SIZE, "lz4 block too large");
  const int size = LZ4_decompress_safe(reinterpret_cast<const char*>(block.data()), reinterpret_cast<char*>(out.data()),
                                       static_cast<int>(block.size()), static_cast<int>(out.size()));
  check_format(size >= 0, "corrupt lz4 block");
  return static_cast<std::size_t>(size);
}

}  // namespace sarsen::storage
