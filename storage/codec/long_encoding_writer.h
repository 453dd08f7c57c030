#pragma once
// Chooses and writes the encoding of a column's longs: the other direction of long_encoding.h (storage/FORMAT.md, "Long
// encodings"). Thread-safe: const methods from any thread.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "storage/base/byte_writer.h"
#include "storage/codec/codec.h"

namespace sarsen::storage {

class LongEncoder {
 public:
  virtual ~LongEncoder() = default;
  virtual std::uint8_t id() const noexcept = 0;  // Druid's
  virtual std::uint32_t bits_per_value() const noexcept = 0;
  /// Appends what stands between the id and the values.
  virtual void write_header(ByteWriter& out) const = 0;
  /// Writes `values` to `block`, which is all zero and of block_bytes(values.size()) bytes.
  virtual void encode(std::span<const std::int64_t> values, std::byte* block) const = 0;

  /// The packed values and four bytes more, for readers that load whole words.
  std::size_t block_bytes(std::size_t value_count) const noexcept {
    return (bits_per_value() * value_count + 7) / 8 + 4;
  }
  /// A power of two.
  std::size_t values_per_block() const noexcept;
};

/// What Druid's "auto" takes for these values: a table where there are at most 256 distinct ones, in the order of their
/// first appearance; else distances from the smallest; nullptr, the plain values, where those would overflow.
std::unique_ptr<LongEncoder> choose_long_encoding(std::span<const std::int64_t> values);

/// The codec byte that says that an encoding's id follows.
constexpr std::uint8_t codec_byte_with_encoding(CodecId codec) noexcept {
  return static_cast<std::uint8_t>(static_cast<std::uint8_t>(codec) - 126);
}

// One file each; nullptr where the values are not for it.
std::unique_ptr<LongEncoder> make_table_encoder(std::span<const std::int64_t> values);
std::unique_ptr<LongEncoder> make_delta_encoder(std::span<const std::int64_t> values);

}  // namespace sarsen::storage
