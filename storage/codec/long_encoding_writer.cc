#include "storage/codec/long_encoding_writer.h"

namespace sarsen::storage {

std::size_t LongEncoder::values_per_block() const noexcept {
  std::size_t count = 1;
  while (block_bytes(2 * count) <= kBlockBytesMax) count *= 2;
  return count;
}

std::unique_ptr<LongEncoder> choose_long_encoding(std::span<const std::int64_t> values) {
  if (auto table = make_table_encoder(values)) return table;
  return make_delta_encoder(values);
}

}  // namespace sarsen::storage
